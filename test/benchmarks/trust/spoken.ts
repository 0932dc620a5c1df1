import {execFileSync} from 'node:child_process'

const RATE = {spoken: 22_050, wanted: 16_000}
const WAV_HEADER = 44
const VOICES = ['en-us', 'en-gb', 'en-us+f3', 'en-us+m3', 'en-gb+f2', 'en-us+m7']
const SPEEDS = [130, 150, 170]

/** Every phrase by a voice and at a speed that change from one to the next. Needs the program `espeak-ng`. @returns −1 to 1, 16 kHz. */
export function spoken(phrases: readonly string[], shift = 0): Float32Array[] {
  return phrases.map((phrase, i) => {
    const voice = VOICES[(i + shift) % VOICES.length] as string
    const speed = SPEEDS[(i * 2 + shift) % SPEEDS.length] as number
    return resampled(execFileSync('espeak-ng', ['-v', voice, '-s', String(speed), '--stdout', phrase]))
  })
}

/** Clips one after another with a second and a half of near silence before each. */
export function strung(clips: readonly Float32Array[]): Float32Array {
  const pause = 1.5 * RATE.wanted
  const stream = new Float32Array(clips.reduce((sum, clip) => sum + pause + clip.length, 0))
  let at = 0
  for (const clip of clips) {
    stream.set(clip, at + pause)
    at += pause + clip.length
  }
  return stream.map((value, i) => value + 0.001 * Math.sin(i * i))
}

function resampled(wav: Buffer): Float32Array {
  const samples = new Int16Array(
    wav.buffer.slice(wav.byteOffset + WAV_HEADER, wav.byteOffset + wav.length - (wav.length % 2)),
  )
  return Float32Array.from({length: Math.floor((samples.length * RATE.wanted) / RATE.spoken)}, (_, i) => {
    const place = (i * RATE.spoken) / RATE.wanted
    const [index, part] = [Math.floor(place), place % 1]
    return ((samples[index] ?? 0) * (1 - part) + (samples[index + 1] ?? 0) * part) / 32_768
  })
}
