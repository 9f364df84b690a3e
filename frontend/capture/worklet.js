// Runs on the audio thread: passes the microphone's samples on, a few blocks at a time.

const BLOCK = 2_048;

class Recorder extends AudioWorkletProcessor {
  block = new Float32Array(BLOCK);
  filled = 0;

  process([[samples]]) {
    if (!samples) return true;
    this.block.set(samples, this.filled); // 128 at a time, of which a block is a multiple
    this.filled += samples.length;
    if (this.filled === BLOCK) {
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(BLOCK);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
