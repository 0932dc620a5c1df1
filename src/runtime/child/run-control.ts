/** What every function that runs a model accepts. */
export interface RunControl {
  /** Kills the child when aborted; the promise then rejects with the signal's InterruptedError. */
  readonly signal?: AbortSignal | undefined
  /** How long the child may stay silent before it counts as hanging; five minutes when absent. */
  readonly silenceLimitMs?: number | undefined
  /** For work that leaves large arrays behind: the child collects them sooner, 15 to 30 MB less for a little time. */
  readonly isFrugal?: boolean | undefined
  /** When aborted, the child is asked to end early and to give what it has, and killed only after this time. */
  readonly stopGraceMs?: number | undefined
}

/** What the asker hears while a task works. */
export interface Listeners {
  readonly onProgress?: ((done: number, total: number, figure?: number) => void) | undefined
  readonly onPart?: ((data: Float32Array) => void) | undefined
  readonly onEvent?: ((data: unknown) => void) | undefined
}
