/** What a task may say while it works. */
export interface TaskContext {
  /**
   * Rate-limited; also the sign of life that keeps the parent's time limit from firing.
   *
   * @param figure a number that goes with it, such as a loss.
   */
  progress(done: number, total: number, figure?: number): void
  /** Hands a piece of a large result to the parent; resolves when the channel has taken it. */
  part(data: Float32Array): Promise<void>
  /** Tells the parent of a step that is done: plain data. */
  event(data: unknown): void
  /** Whether the asker wants the task to come to an end early, with what it has. */
  isStopWanted(): boolean
}
