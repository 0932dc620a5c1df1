import type {z} from 'zod'

/** What the command line says of an option, beside its type, default and summary. */
export interface FlagFacts {
  /** Its name; the option's in kebab-case when absent. */
  readonly flag?: string
  /** How it is typed, where its type alone does not tell. */
  readonly typed?: TypedAs
  readonly char?: string
  readonly helpValue?: string
  /** The default as it is typed. */
  readonly defaultHelp?: string
  /** `--no-…` too. */
  readonly allowNo?: boolean
  /** Heading in `--help`, where it is not that of the room. */
  readonly group?: string
  /** Other options of the same flag. */
  readonly isHidden?: boolean
}

/** Forms of flags that are no plain text, number, choice or yes. */
export type TypedAs =
  | 'augmentations'
  | 'counts'
  | 'dims'
  | 'duration'
  | 'feeds'
  | 'list'
  | 'map'
  | 'model'
  | 'number or auto'
  | 'numbers'
  | 'output kinds'
  | 'overrides'
  | 'patterns'
  | 'ratio'
  | 'shapes'
  | 'sides'
  | 'warmup'

const FACTS = new WeakMap<z.ZodType, FlagFacts>()

/**
 * An option: its type with its default, and the line that says what it is for. Read by the flags of the command line, by the JSON Schema
 * and by the reference of the library.
 */
export function field<T extends z.ZodType>(type: T, summary: string, facts: FlagFacts = {}): T {
  const described = type.describe(summary)
  FACTS.set(described, facts)
  return described
}

/** Undefined of what is no option but a room of such. */
export function flagFacts(type: z.ZodType): FlagFacts | undefined {
  return FACTS.get(type)
}
