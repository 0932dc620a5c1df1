/** Timed runs of one block. */
export interface TimedBlock {
  /** One entry per run that counts, the skipped ones left out. */
  readonly latenciesMs: ArrayLike<number>
  /** CPU time of the whole process during the block. */
  readonly cpuMs: number
  readonly wallMs: number
}

/** What the protocol needs of a process that has loaded one model; the runtime's ModelProcess is one. */
export interface TimedProcess {
  readonly loadMs: number
  timeBlock(request: {budgetMs: number; maxRuns: number; skip: number}): Promise<TimedBlock>
  /** The most memory it has held, up to its last answer. */
  readonly peakRssBytes: number
  close(): Promise<void>
}

/** A fresh process that has the runtime and no model yet. */
export interface ReadyProcess {
  /** Once. */
  load(): Promise<TimedProcess>
  /** For a process that did not load; does nothing when it is gone. */
  close(): Promise<void>
}

/** A model that takes part: each call of `begin` is a fresh process. */
export interface Contender {
  begin(): Promise<ReadyProcess>
}
