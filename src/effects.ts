/** What work does besides giving a result: it shows how far it is, and ends when it is told to. */

/** Called as work goes on; `total` 0 when it is not known. Shown as a bar on a terminal, nowhere else. `details` stand behind the bar. */
export type Progress = (label: string, done: number, total: number, details?: string) => void

export interface Effects {
  readonly progress: Progress
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  /** The arguments after `mopt`, where there are such: to say how to go on after an interruption, and in reports. */
  readonly commandLine?: readonly string[] | undefined
}
