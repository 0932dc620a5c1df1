import {FileError, MachineError, MoptError} from '../errors.js'

const READ_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'expected a file, but there is none',
  ENOTDIR: 'expected a file, but a part of its path is no folder',
  EISDIR: 'expected a file, but it is a folder',
  EACCES: 'expected a file that may be read, but permission is denied',
  EPERM: 'expected a file that may be read, but permission is denied',
  ELOOP: 'expected a file, but its symbolic links run in a circle',
  ENAMETOOLONG: 'expected a file, but the name is longer than the system allows',
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be written: its folder does not exist',
  ENOTDIR: 'cannot be written: a part of its path is no folder',
  EISDIR: 'cannot be written: it is a folder',
  EACCES: 'cannot be written: permission is denied',
  EPERM: 'cannot be written: permission is denied',
  EROFS: 'cannot be written: the file system is read-only',
  ENAMETOOLONG: 'cannot be written: the name is longer than the system allows',
}

/** Reasons that are the machine's, not the user's. */
const MACHINE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file system allows no file of this size',
  EIO: 'the disk reports an input/output error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
}

/** The error to show when a system call on a file to read fails. */
export function readFailure(path: string, cause: unknown): MoptError {
  return failure(path, cause, READ_REASONS, 'Check the path')
}

/** The error to show when a system call on a file to write fails. @param flag the one that names the file. */
export function writeFailure(path: string, cause: unknown, flag = '-o'): MoptError {
  return failure(path, cause, WRITE_REASONS, `Choose another place with ${flag}, or create the folder first`)
}

function failure(path: string, cause: unknown, reasons: Readonly<Record<string, string>>, hint: string): MoptError {
  if (cause instanceof MoptError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const machine = MACHINE_REASONS[code]
  if (machine) return new MachineError(`${path}: ${machine}`, {hint: 'Free some space or choose another disk', cause})
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new FileError(`${path}: ${reason}`, {hint, cause})
}
