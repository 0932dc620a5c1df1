import {Tensor as OrtTensor} from 'onnxruntime-node'
import {randomFloats} from './pass-trial.js'

export const SAMPLE_RATE = 16_000

/**
 * Sound at 16 kHz that a voice detector finds speech in, and pauses: voiced syllables (a glottal pulse train through three gliding
 * formants) in bursts of 1 to 2 s, noise in between.
 *
 * @returns samples within −1..1.
 */
export function speechLike(seconds: number, seed = 1): Float32Array {
  const count = Math.round(seconds * SAMPLE_RATE)
  const noise = randomFloats(count, seed)
  const plan = randomFloats(Math.ceil(seconds * 8) + 64, seed + 1)
  const samples = new Float32Array(count)
  const formants = [new Resonator(), new Resonator(), new Resonator()]
  let phase = 0
  for (let i = 0; i < count; i++) {
    const time = i / SAMPLE_RATE
    const syllable = Math.floor(time * 5)
    const speaking = Math.floor(time / 1.7) % 3 !== 2
    const choice = plan[syllable % plan.length] as number
    const level = speaking && choice > -0.8 ? Math.sin(Math.PI * ((time * 5) % 1)) ** 0.5 : 0
    phase += (120 + 30 * Math.sin(2 * Math.PI * 0.7 * time) + 10 * choice) / SAMPLE_RATE
    const pulse = phase >= 1 ? 1 : 0
    phase -= pulse
    const source = level * (pulse + 0.02 * (noise[i] as number))
    const voiced = formants[0]?.step(source, 500 + 250 * choice, 80) ?? 0
    const second = formants[1]?.step(source, 1400 + 500 * (plan[(syllable + 7) % plan.length] as number), 100) ?? 0
    const third = formants[2]?.step(source, 2600, 140) ?? 0
    samples[i] = Math.max(-1, Math.min(1, 0.25 * voiced + 0.15 * second + 0.08 * third + 0.002 * (noise[i] as number)))
  }
  return samples
}

/** A stream at a third of its level, in noise. */
export function faintIn(stream: Float32Array, noise = 0.02): Float32Array {
  const hiss = randomFloats(stream.length, 21, noise)
  return stream.map((value, i) => 0.3 * value + (hiss[i] as number))
}

/** A two-pole filter around a frequency. */
class Resonator {
  #last = 0
  #before = 0

  step(input: number, frequency: number, bandwidth: number): number {
    const radius = Math.exp((-Math.PI * bandwidth) / SAMPLE_RATE)
    const feedback = 2 * radius * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE)
    const output = input + feedback * this.#last - radius * radius * this.#before
    this.#before = this.#last
    this.#last = output
    return output
  }
}

/** What Silero VAD v5 is fed: 64 samples of context and 512 new ones, at 16 kHz. */
export const SILERO = {context: 64, fresh: 512} as const

/** The windows of a stream: `[1, 576]` each. */
export function* windowsOf(stream: Float32Array): Iterable<OrtTensor> {
  const {context, fresh} = SILERO
  const padded = new Float32Array(context + stream.length)
  padded.set(stream, context)
  for (let at = 0; at + fresh <= stream.length; at += fresh) {
    yield new OrtTensor('float32', padded.slice(at, at + context + fresh), [1, context + fresh])
  }
}
