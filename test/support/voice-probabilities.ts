import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {SAMPLE_RATE, windowsOf} from './speech-like.js'

/** What Silero VAD v5 says of each window of a stream, its state fed back from one to the next. */
export async function voiceProbabilities(modelPath: string, stream: Float32Array): Promise<Float32Array> {
  const session = await InferenceSession.create(modelPath, {logSeverityLevel: 4, intraOpNumThreads: 1})
  const sr = new OrtTensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), [])
  let state: OrtTensor = new OrtTensor('float32', new Float32Array(256), [2, 1, 128])
  const probabilities: number[] = []
  for (const input of windowsOf(stream)) {
    const results = await session.run({input, state, sr})
    const output = results.output as OrtTensor
    probabilities.push((output.data as Float32Array)[0] as number)
    state = results.stateN as OrtTensor
  }
  await session.release()
  return Float32Array.from(probabilities)
}
