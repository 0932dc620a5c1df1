import {BugError, FileError, MachineError, MoptError} from '../errors.js'

/** Errors of the file system that the user can put right. */
const BAD_PATH: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the symbolic links form a loop',
}

/** Errors where the machine gave up. */
const BAD_MACHINE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOMEM: 'the machine is out of memory',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the device reported an input/output error',
  EAGAIN: 'the machine is out of processes or memory',
}

/** Whatever was thrown, as an error with an exit code and a next step. What nobody foresaw is a bug of mopt: exit 70. */
export function toMoptError(error: unknown): MoptError {
  if (error instanceof MoptError) return error
  const {code, path} = systemErrorOf(error)
  const where = path ? `'${path}': ` : ''
  const badPath = BAD_PATH[code]
  if (badPath && path) {
    return new FileError(`${where}${badPath}`, {hint: 'Check the path and its permissions', cause: error})
  }
  const badMachine = BAD_MACHINE[code] ?? (isOutOfMemory(error) ? BAD_MACHINE.ENOMEM : undefined)
  if (badMachine) {
    return new MachineError(`${where}${badMachine}`, {hint: 'Free some and run the same command again', cause: error})
  }
  return new BugError(`internal: ${messageOf(error)}`, {
    hint: 'This is a bug in mopt: run again with DEBUG=mopt in the environment and report what it prints',
    cause: error,
  })
}

function systemErrorOf(error: unknown): {code: string; path: string | undefined} {
  const {code, path} = (error ?? {}) as {code?: unknown; path?: unknown}
  return {code: typeof code === 'string' ? code : '', path: typeof path === 'string' ? path : undefined}
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed/i.test(error.message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
