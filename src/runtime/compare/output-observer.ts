import type {Task} from '../child/task.js'
import type {Rows} from '../inputs/batch-axis.js'
import type {Numbers} from './output-numbers.js'

/** One output of both models for the same samples, copies that filled up a batch cut. */
export interface ObservedOutput {
  readonly name: string
  /** As ONNX Runtime names it: `float32`, `int64`, `string`. */
  readonly dtype: string
  readonly dims: readonly number[]
  /** Where they differ: the output's shape depends on its values. */
  readonly otherDims: readonly number[]
  /** Integers and bools as numbers; strings as numbers that are equal where the strings are. */
  readonly reference: Numbers
  readonly other: Numbers
}

/** What the outputs came from. */
export interface ObservedRun extends Rows {
  /** By name. */
  readonly inputs: ReadonlyMap<string, {readonly dims: readonly number[]; readonly data: unknown}>
}

/** Looks at the outputs of two models, batch by batch, in the child process. */
export interface Observer {
  add(outputs: readonly ObservedOutput[], run: ObservedRun): void
  /** Plain data. */
  result(): unknown
}

export interface ObserverWork {
  /** What makes the observer, in the child process. */
  readonly task: Task<unknown, Observer>
  /** Plain data for it. */
  readonly input: unknown
}
