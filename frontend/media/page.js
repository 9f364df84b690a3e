// What Python may ask of media files. The files themselves stay with the page: Python sees facts, sound and finished bytes.

export { choose, close, sound } from "./video.js";
export { narrate, pause, seek, show } from "./screen.js";
export { begin, cancel, end, finished, formats, write } from "./writer.js";
