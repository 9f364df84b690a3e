// A file that the person chooses, and its sound: whatever the browser can play, audio or video, it can decode.

const RATE = 22_050; // Hz; both marks lie below 3.5 kHz, and a long file takes less memory

export function choose({ limit }) {
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = "audio/*,video/*";
    input.oncancel = () => resolve(null);
    input.onchange = () => read(input.files[0], limit).then(resolve, reject);
    input.click();
  });
}

async function read(file, limit) {
  if (file.size > limit) return { name: file.name, problem: "too-large" };
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes.slice().buffer);
    const samples = new Float32Array(sound.length);
    for (let channel = 0; channel < sound.numberOfChannels; channel++) {
      sound.getChannelData(channel).forEach((value, at) => (samples[at] += value / sound.numberOfChannels));
    }
    return { name: file.name, bytes, samples, rate: RATE };
  } catch {
    return { name: file.name, problem: "sound" };
  }
}
