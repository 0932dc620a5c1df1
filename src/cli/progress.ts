import {SingleBar} from 'cli-progress'

/** Called as work goes on; `total` 0 when it is not known. `details` stand behind the bar. */
export type Progress = (label: string, done: number, total: number, details?: string) => void

export interface ProgressBar {
  readonly update: Progress
  /** Takes the bar off the terminal, so that text can follow. */
  stop(): void
}

/** Whether a bar may be shown: stderr is a terminal and nobody asked for silence. */
export function progressWanted(flags: {progress?: boolean; quiet?: boolean}): boolean {
  const inCi = !['', '0', 'false'].includes(process.env.CI ?? '')
  return process.stderr.isTTY === true && !inCi && flags.progress !== false && flags.quiet !== true
}

/** One bar on stderr that follows the label of the latest call; it leaves nothing behind on the screen. */
export function progressBar(): ProgressBar {
  let bar: SingleBar | undefined
  let shown = ''
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  const update: Progress = (label, done, total, details = '') => {
    if (!bar || label !== shown) {
      stop()
      bar = newBar(total > 0)
      bar.start(total, done, {label, details})
      shown = label
      return
    }
    bar.setTotal(total)
    bar.update(done, {details})
  }
  return {update, stop}
}

export const silentBar: ProgressBar = {update: () => {}, stop: () => {}}

function newBar(counted: boolean): SingleBar {
  return new SingleBar({
    stream: process.stderr,
    format: counted ? '{label} [{bar}] {value}/{total} {details}' : '{label} {value}',
    barsize: 24,
    clearOnComplete: true,
    hideCursor: true,
    // Signals are the command's business: it restores the cursor by stopping the bar.
    gracefulExit: false,
  })
}
