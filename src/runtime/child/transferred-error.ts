import {
  BugError,
  DataError,
  type ExitCode,
  FileError,
  MachineError,
  ModelError,
  MoptError,
  ProviderError,
  type Refusal,
  RuntimeRefusedError,
  UnsupportedError,
  UsageError,
} from '../../errors.js'

/** An error as plain data, for the way from the child to the parent. */
export interface TransferredError {
  readonly name: string
  readonly code: string
  readonly exitCode: ExitCode
  readonly message: string
  readonly hint: string | undefined
  readonly cause: string | undefined
  /** Of a RuntimeRefusedError. */
  readonly refusal?: Refusal | undefined
}

const CLASSES = {
  UsageError,
  FileError,
  ModelError,
  DataError,
  UnsupportedError,
  ProviderError,
  MachineError,
  BugError,
} as const

/** A deliberate error of a class with a constructor of its own (ShapeError, NonFiniteError): what readers see of it is kept. */
class ForwardedError extends MoptError {
  readonly code: string
  readonly exitCode: ExitCode

  constructor(transferred: TransferredError, cause: Error | undefined) {
    super(transferred.message, {hint: transferred.hint, cause})
    this.code = transferred.code
    this.exitCode = transferred.exitCode
    this.name = transferred.name
  }
}

/** Any thrown value as plain data. What is not a MoptError becomes a BugError, with the original's stack as its cause. */
export function toTransfer(error: unknown): TransferredError {
  if (error instanceof MoptError) {
    const {name, code, exitCode, message, hint} = error
    const refusal = error instanceof RuntimeRefusedError ? error.refusal : undefined
    return {name, code, exitCode, message, hint, cause: describe(error.cause), refusal}
  }
  const message = error instanceof Error ? error.message : String(error)
  const bug = new BugError(`unexpected failure in a child process: ${message}`)
  return {
    name: bug.name,
    code: bug.code,
    exitCode: bug.exitCode,
    message: bug.message,
    hint: bug.hint,
    cause: describe(error),
  }
}

/** The error again, of the same class, with the child's log lines added to its cause. */
export function fromTransfer(transferred: TransferredError, log: string): MoptError {
  const text = [transferred.cause, log.trim()].filter(Boolean).join('\n')
  const cause = text === '' ? undefined : new Error(text)
  const {name, message, hint, refusal} = transferred
  if (refusal) return new RuntimeRefusedError(message, refusal, {hint, cause})
  const known = Object.entries(CLASSES).find(([own]) => own === name)
  return known ? new known[1](message, {hint, cause}) : new ForwardedError(transferred, cause)
}

function describe(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
