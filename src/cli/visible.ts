// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g

/**
 * The text on one line, with control characters written out (`\x1b`). Names of nodes, inputs and files come from whoever made the
 * model: they must not clear a terminal, colour it, or begin a line of their own.
 */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0)
    if (character === '\n') return '\\n'
    return code === 9 ? ' ' : `\\x${code.toString(16).padStart(2, '0')}`
  })
}
