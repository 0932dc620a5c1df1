import {InterruptedError, MachineError, type MoptError} from '../../errors.js'

/** How a child process ended without answering. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines of its stderr. */
  readonly log: string
}

const OUT_OF_HEAP = /heap out of memory/
const LESS_MEMORY = 'Close other programs, or try a smaller --batch or --limit'

/**
 * What a crash means to the reader. An abort with the heap's message and SIGKILL are lack of memory; SIGSEGV, SIGABRT and the like
 * are faults inside ONNX Runtime; SIGINT and SIGTERM can only hit a child before it has learnt to ignore them.
 */
export function crashError(exit: Exit, what: string): MoptError {
  const cause = exit.log.trim() === '' ? undefined : new Error(exit.log.trim())
  if (exit.signal === 'SIGINT' || exit.signal === 'SIGTERM') return new InterruptedError(exit.signal)
  if (OUT_OF_HEAP.test(exit.log)) {
    return new MachineError(`${what}: the process reached the limit of the JavaScript heap`, {
      hint: 'Raise it with NODE_OPTIONS=--max-old-space-size=8192, or try a smaller --batch or --limit',
      cause,
    })
  }
  if (exit.signal === 'SIGKILL') {
    const message = `${what}: the process was killed, most likely because the machine ran out of memory`
    return new MachineError(message, {hint: LESS_MEMORY, cause})
  }
  return new MachineError(`${what}: ONNX Runtime crashed (${exit.signal ?? `exit code ${exit.code}`})`, {
    hint: 'Run again with DEBUG=mopt to see its log; another --provider or --threads 1 may avoid the fault',
    cause,
  })
}
