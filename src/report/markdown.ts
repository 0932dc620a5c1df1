import {markdownTable} from 'markdown-table'
import type {Block, Document, Picture, Table} from './document.js'

/**
 * A document as GitHub Markdown. The same document gives the same text.
 *
 * @param nameOf the file, beside the document, that a picture is in.
 */
export function markdown({title, blocks}: Document, nameOf: (picture: Picture) => string): string {
  const parts = [`# ${title}`, ...blocks.map((block) => blockText(block, nameOf))]
  return `${parts.join('\n\n')}\n`
}

function blockText(block: Block, nameOf: (picture: Picture) => string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`
    case 'paragraph':
      return block.text
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n')
    case 'command':
      return `\`\`\`sh\n${block.line}\n\`\`\``
    case 'table':
      return folded(tableText(block), block.folded)
    case 'picture':
      return `![${block.text}](${encodeURI(nameOf(block))})`
  }
}

function folded(text: string, summary: string | undefined): string {
  return summary === undefined ? text : `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`
}

/** Cells may hold any text. */
function tableText({head, rows, right}: Table): string {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')))
  const align = right && head.map((_, index) => (right.includes(index) ? 'r' : 'l'))
  return markdownTable(escaped, {align: align ?? []})
}
