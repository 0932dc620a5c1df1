import {basename, isAbsolute} from 'node:path'

/** The command as a reader may type it again: quoted for a shell, absolute paths cut to their last part. */
export function commandLine(argv: readonly string[]): string {
  return ['mopt', ...argv].map((argument) => quoted(shortened(argument))).join(' ')
}

/** The command as it was typed, for the one who typed it: whole paths, quoted for a shell. */
export function typedCommand(argv: readonly string[]): string {
  return ['mopt', ...argv].map(quoted).join(' ')
}

function shortened(argument: string): string {
  const [, flag = '', value = argument] = /^(--[\w-]+=)(.*)$/s.exec(argument) ?? []
  return flag + (isAbsolute(value) ? basename(value) : value)
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
