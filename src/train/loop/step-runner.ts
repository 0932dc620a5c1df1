import type {BatchReader} from './batch-reader.js'

/** How updates are executed. What they lead to is the same but for rounding. */
export interface StepRunner {
  /**
   * Does one update or several, and counts them in the training's state.
   *
   * @param most as many at most, 1 or more.
   * @returns the loss of each. One that is no finite number is the last, and its update is not counted.
   */
  advance(reader: BatchReader, most: number): Promise<readonly number[]>
}
