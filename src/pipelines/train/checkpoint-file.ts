import {existsSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import {EXIT, FileError, InterruptedError, UsageError} from '../../errors.js'
import {checkOutput} from '../../io/check-output.js'
import {readFailure} from '../../io/file-errors.js'
import {isCheckpoint} from '../../train/loop/checkpoint.js'
import type {CheckpointSpec} from '../../train/loop/train-request.js'
import {typedCommand} from '../transform/command-line.js'

export interface CheckpointOptions {
  /** Written after every epoch; undefined: beside the output, and only when the training is interrupted. */
  readonly checkpoint?: string | undefined
  readonly resume: boolean
  readonly force: boolean
}

/**
 * Where the state of a training goes.
 *
 * @param target what the verb writes.
 * @param inputs files that are being read.
 * @throws FileError rather than write over a training that may be worth hours, over any other file, or where nothing can be written;
 *   UsageError when it is the target.
 */
export function checkpointOf(
  target: string,
  {checkpoint, resume, force}: CheckpointOptions,
  inputs: readonly string[],
): CheckpointSpec {
  const path = checkpoint ?? `${target}.checkpoint`
  if (resolve(path) === resolve(target)) {
    throw new UsageError(`--checkpoint ${path}: expected a file of its own, got the output`, {
      hint: 'Choose another file',
    })
  }
  if (checkpoint !== undefined || existsSync(path)) checkOutput(path, {force: true, inputs, flag: '--checkpoint'})
  if (existsSync(path) && !beginsLikeOne(path)) {
    throw new FileError(`${path}: expected a checkpoint of mopt or no file yet, found something else`, {
      hint: 'Choose another file with --checkpoint, or remove it',
    })
  }
  if (!resume && !force && existsSync(path)) {
    throw new FileError(`${path}: a training was put aside here`, {
      hint: 'Go on with --resume, or start anew with --force',
    })
  }
  return {path, resume, onlyWhenStopped: checkpoint === undefined}
}

function beginsLikeOne(path: string): boolean {
  try {
    return isCheckpoint(path)
  } catch (cause) {
    throw readFailure(path, cause)
  }
}

function againWith(argv: readonly string[] | undefined): string {
  if (argv === undefined) return 'training.resume'
  return typedCommand(argv.includes('--resume') ? argv : [...argv, '--resume'])
}

/** The interruption of a training, with the command that goes on with it where there is something to go on from. */
export function resumable(
  error: InterruptedError,
  {path}: CheckpointSpec,
  argv: readonly string[] | undefined,
): InterruptedError {
  if (!existsSync(path)) return error
  const saved = {what: `the training is kept in ${basename(path)}`, hint: `Go on with: ${againWith(argv)}`}
  return new InterruptedError(error.exitCode === EXIT.terminated ? 'SIGTERM' : 'SIGINT', saved)
}
