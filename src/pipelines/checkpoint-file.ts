import {existsSync} from 'node:fs'
import {basename} from 'node:path'
import {EXIT, FileError, InterruptedError} from '../errors.js'
import type {CheckpointSpec} from '../train/train-request.js'
import {typedCommand} from './command-line.js'

export interface CheckpointOptions {
  /** Written after every epoch; undefined: beside the output, and only when the training is interrupted. */
  readonly checkpoint?: string | undefined
  readonly resume: boolean
  readonly force: boolean
  /** The arguments of the command. */
  readonly argv: readonly string[]
}

/**
 * Where the state of a training goes.
 *
 * @param target what the verb writes.
 * @throws FileError rather than write over a training that may be worth hours.
 */
export function checkpointOf(target: string, {checkpoint, resume, force}: CheckpointOptions): CheckpointSpec {
  const path = checkpoint ?? `${target}.checkpoint`
  if (!resume && !force && existsSync(path)) {
    throw new FileError(`${path}: a training was put aside here`, {
      hint: 'Go on with --resume, or start anew with --force',
    })
  }
  return {path, resume, onlyWhenStopped: checkpoint === undefined}
}

/** The interruption of a training, with the command that goes on with it where there is something to go on from. */
export function resumable(
  error: InterruptedError,
  {path}: CheckpointSpec,
  {argv}: Pick<CheckpointOptions, 'argv'>,
): InterruptedError {
  if (!existsSync(path)) return error
  const again = argv.includes('--resume') ? argv : [...argv, '--resume']
  const saved = {what: `the training is kept in ${basename(path)}`, hint: `Go on with: ${typedCommand(again)}`}
  return new InterruptedError(error.exitCode === EXIT.terminated ? 'SIGTERM' : 'SIGINT', saved)
}
