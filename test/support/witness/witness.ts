import {InferenceSession, type Tensor as OrtTensor} from 'onnxruntime-node'
import type {Feeds} from '../pass-trial.js'

/**
 * A model with a task that is judged without mopt: ONNX Runtime runs the file, the answers are decoded as an application would, and
 * what counts is the share of the float model's own answers that is kept.
 */
export interface Witness {
  readonly path: string
  /** What the share is of. */
  readonly task: string
  /** Flags that give the samples to learn from, as a user would type them. */
  readonly data: readonly string[]
  /** Flags that a model needs when its inputs are made up. */
  readonly madeUp?: readonly string[]
  /** The kind of each output, as mopt should name it; outputs that are left out may be judged as anything. */
  readonly kinds?: Readonly<Record<string, RegExp>>
  /** Decodes the float model's answers once. @returns the share that another file keeps, 0 to 1. */
  readonly prepare: () => Promise<(path: string) => Promise<number>>
}

/** The `prepare` of a witness: answers of the float model and of another, and what share of the first the second keeps. */
export function against<Answers>(
  path: string,
  answersOf: (path: string) => Promise<Answers>,
  kept: (float: Answers, changed: Answers) => number,
): Witness['prepare'] {
  return async () => {
    const float = await answersOf(path)
    return async (changed) => kept(float, await answersOf(changed))
  }
}

export type Outputs = Readonly<Record<string, OrtTensor>>

export function openSession(path: string): Promise<InferenceSession> {
  return InferenceSession.create(path, {logSeverityLevel: 4, intraOpNumThreads: 1})
}

/** What a file answers to each sample, one run each. */
export async function outputsOf(path: string, samples: readonly Feeds[]): Promise<Outputs[]> {
  const session = await openSession(path)
  const outputs: Outputs[] = []
  for (const feeds of samples) outputs.push(await session.run(feeds))
  await session.release()
  return outputs
}

export function floats(outputs: Outputs, name: string): Float32Array {
  return (outputs[name] as OrtTensor).data as Float32Array
}

/** Share of positions with the same answer. */
export function shareEqual<T>(float: readonly T[], changed: readonly T[]): number {
  return float.filter((answer, i) => answer === changed[i]).length / float.length
}

/** F1 of yes-or-no answers against those of the float model; 1 when neither says yes anywhere. */
export function decisionF1(float: readonly boolean[], changed: readonly boolean[]): number {
  const both = float.filter((yes, i) => yes && changed[i]).length
  const all = float.filter(Boolean).length + changed.filter(Boolean).length
  return all === 0 ? 1 : (2 * both) / all
}

/** The index of the largest of each `classes` values; of equal ones the first. */
export function largestOf(values: Float32Array, classes: number): number[] {
  return Array.from({length: values.length / classes}, (_, row) => {
    let best = 0
    for (let k = 1; k < classes; k++) {
      if ((values[row * classes + k] as number) > (values[row * classes + best] as number)) best = k
    }
    return best
  })
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
