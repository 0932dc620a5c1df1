/**
 * Every deliberate error of mopt, grouped by what the reader can do about it, and the exit codes scripts rely on.
 * Wording: `<Op> '<node>': expected …, got …`; the next step goes into `hint`, the original error into `cause`.
 */

export const EXIT = {
  done: 0,
  badInput: 2,
  unsupported: 3,
  budgetMissed: 4,
  machineFailed: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

interface MoptErrorOptions {
  hint?: string | undefined
  cause?: unknown
}

export abstract class MoptError extends Error {
  /** Stable identifier for scripts, e.g. `BAD_FILE`. */
  abstract readonly code: string
  abstract readonly exitCode: ExitCode
  /** The next step, one sentence. */
  readonly hint: string | undefined

  constructor(message: string, options: MoptErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.hint = options.hint
    this.name = new.target.name
  }
}

/** A flag or an argument that cannot mean anything. */
export class UsageError extends MoptError {
  readonly code = 'USAGE'
  readonly exitCode = EXIT.badInput
}

/** A file that is missing, unreadable, in the way, or not what its name says. */
export class FileError extends MoptError {
  readonly code = 'BAD_FILE'
  readonly exitCode = EXIT.badInput
}

/** A model file that breaks the ONNX format: truncated, inconsistent, lying about sizes. */
export class ModelError extends MoptError {
  readonly code = 'BAD_MODEL'
  readonly exitCode = EXIT.badInput
}

/** Data that does not fit the model: wrong array, shape, type, or non-finite values. */
export class DataError extends MoptError {
  readonly code = 'BAD_DATA'
  readonly exitCode = EXIT.badInput
}

/** A node whose inputs contradict the operator's definition. */
export class ShapeError extends MoptError {
  readonly code = 'BAD_SHAPE'
  readonly exitCode = EXIT.badInput

  constructor(node: {name: string; opType: string}, mismatch: {expected: string; got: string}) {
    super(`${node.opType} '${node.name}': expected ${mismatch.expected}, got ${mismatch.got}`)
  }
}

/** A weight that holds NaN or infinity. */
export class NonFiniteError extends MoptError {
  readonly code = 'NON_FINITE'
  readonly exitCode = EXIT.badInput

  constructor(name: string, where: string) {
    super(`Weight '${name}': expected finite values, got NaN or infinity in ${where}`, {
      hint: 'Export the model again, or leave the node that reads it alone with --exclude NODE',
    })
  }
}

/** A valid model, or a valid request, that mopt has no rule for. */
export class UnsupportedError extends MoptError {
  readonly code = 'UNSUPPORTED'
  readonly exitCode = EXIT.unsupported
}

/** A node of a valid model that mopt has no rule for. */
export class UnsupportedOpError extends MoptError {
  readonly code = 'UNSUPPORTED_OP'
  readonly exitCode = EXIT.unsupported

  constructor(node: {name: string; opType: string}, capability: string, reason: string, hint?: string) {
    super(`${node.opType} '${node.name}': no ${capability} rule, because ${reason}`, {
      hint: hint ?? `Leave it alone with --exclude ${node.name}`,
    })
  }
}

/** What ONNX Runtime refused, for those who look for the culprit. */
export interface Refusal {
  /** The file; undefined for a model that was handed over as bytes. */
  readonly path: string | undefined
  readonly phase: 'load' | 'run'
  /** The runtime has no kernel for a node: the model may be valid all the same. */
  readonly isUnimplemented: boolean
}

/** ONNX Runtime refuses the model. */
export class RuntimeRefusedError extends MoptError {
  readonly code = 'RUNTIME_REFUSED'
  readonly exitCode = EXIT.unsupported

  constructor(
    message: string,
    readonly refusal: Refusal,
    options: MoptErrorOptions = {},
  ) {
    super(message, options)
  }
}

/** An execution provider that is not on this machine. */
export class ProviderError extends MoptError {
  readonly code = 'PROVIDER_UNAVAILABLE'
  readonly exitCode = EXIT.unsupported
}

/** The machine, not the input, failed: disk full, out of memory, a killed child. */
export class MachineError extends MoptError {
  readonly code = 'MACHINE_FAILED'
  readonly exitCode = EXIT.machineFailed
}

/** Something that cannot happen, happened: a bug in mopt. */
export class BugError extends MoptError {
  readonly code = 'BUG'
  readonly exitCode = EXIT.bug
}

/** Ctrl-C or SIGTERM. */
export class InterruptedError extends MoptError {
  readonly code = 'INTERRUPTED'
  readonly exitCode: ExitCode

  /** @param saved what there is to go on from, and how. */
  constructor(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT', saved?: {readonly what: string; readonly hint: string}) {
    super(saved ? `interrupted, ${saved.what}` : 'interrupted, nothing was written', saved && {hint: saved.hint})
    this.exitCode = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
  }
}
