import type {Panel} from './plot.js'
import type {Ranking} from './ranking-plot.js'

/**
 * A report before it has a format. Texts are plain, except that names of files and flags stand in backquotes and what matters most
 * between pairs of asterisks.
 */
export interface Document {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** What a document is made of, from top to bottom. */
export type Block = Heading | Paragraph | List | Command | TableBlock | Picture

export interface Heading {
  readonly kind: 'heading'
  readonly text: string
  /** 2: a part of the document, 3: a part of that. */
  readonly level: 2 | 3
}

export interface Paragraph {
  readonly kind: 'paragraph'
  readonly text: string
}

export interface List {
  readonly kind: 'list'
  readonly items: readonly string[]
}

/** A line for the shell. */
export interface Command {
  readonly kind: 'command'
  readonly line: string
}

/** Cells are texts; every row is as long as the head. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Indices of the columns that hold numbers; absent where nothing needs to be aligned. */
  readonly right?: readonly number[]
}

export interface TableBlock extends Table {
  readonly kind: 'table'
  /** What stands for a table that is too long to be shown at once. */
  readonly folded?: string | undefined
}

/** A picture, drawn in a file of its own where a format has none inside. */
export interface Picture {
  readonly kind: 'picture'
  /** What is to be seen, for those who can't. */
  readonly text: string
  readonly drawing: Curves | Ranking
}

/** Panels of curves over one x axis. */
export interface Curves {
  readonly kind: 'curves'
  readonly panels: readonly Panel[]
  readonly xLabel: string
}

/** What is written as a report: the document for people, the result for programs. */
export interface Report {
  readonly document: Document
  /** As `--json` prints it. */
  readonly result: object
}

/** The pictures, in order. */
export function picturesOf({blocks}: Document): Picture[] {
  return blocks.filter((block) => block.kind === 'picture')
}

export function heading(text: string, level: Heading['level'] = 2): Heading {
  return {kind: 'heading', text, level}
}

export function paragraph(text: string): Paragraph {
  return {kind: 'paragraph', text}
}

export function table(content: Table, folded?: string): TableBlock {
  return {kind: 'table', ...content, folded}
}

/** No list where there are no items. */
export function list(items: readonly string[]): List[] {
  return items.length === 0 ? [] : [{kind: 'list', items}]
}

/** A heading and what is below it; nothing where there is nothing. */
export function section(text: string, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [heading(text), ...blocks]
}
