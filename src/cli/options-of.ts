import type {z} from 'zod'
import {UsageError} from '../errors.js'
import {flagFacts, type TypedAs} from '../options/field.js'
import {parseOptions} from '../options/parse-options.js'
import {fieldsOf} from '../options/unwrapped.js'
import {flagName} from './flags-of.js'

type Flags = Readonly<Record<string, unknown>>

/**
 * The options of a verb out of its parsed flags.
 *
 * @throws UsageError for a name given twice, as `parseOptions`.
 */
export function optionsOf<T extends z.ZodObject>(verb: T, flags: Flags): z.output<T> {
  return parseOptions(verb, roomOf(verb, new Map(Object.entries(flags))))
}

function roomOf(room: z.ZodType, flags: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const given = fieldsOf(room).flatMap(([name, type]): [string, unknown][] => {
    const facts = flagFacts(type)
    if (!facts) return [[name, roomOf(type, flags)]]
    const flag = flagName(name, facts)
    const value = flags.get(flag)
    return value === undefined ? [] : [[name, optionOf(value, flag, facts.typed)]]
  })
  return Object.fromEntries(given)
}

type Pair = readonly [name: string, value: unknown]

/** Flags that are typed as `NAME=VALUE` come as pairs. */
function optionOf(value: unknown, flag: string, typed: TypedAs | undefined): unknown {
  switch (typed) {
    case 'dims':
    case 'feeds':
    case 'output kinds':
    case 'shapes':
      return recordOf(value as readonly Pair[], flag)
    case 'map':
      return listsOf(value as readonly Pair[])
    default:
      return value
  }
}

function recordOf(pairs: readonly Pair[], flag: string): Record<string, unknown> {
  const record = new Map<string, unknown>()
  for (const [name, value] of pairs) {
    if (record.has(name)) throw new UsageError(`--${flag}: expected each name once, got '${name}' twice`)
    record.set(name, value)
  }
  return Object.fromEntries(record)
}

/** One array may feed an input of each of two models. */
function listsOf(pairs: readonly Pair[]): Record<string, unknown> {
  const lists = new Map<string, unknown[]>()
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value])
  return Object.fromEntries([...lists].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}
