import type {z} from 'zod'
import {flagFacts} from './field.js'
import {fieldsOf, unwrapped} from './unwrapped.js'

type Plain = Readonly<Record<string, unknown>>

/**
 * What of a verb's options is not as it would be anyway, room by room: enough to give them again.
 *
 * @param options in the rooms of the schema; what it does not know is left out.
 */
export function givenOptions(schema: z.ZodType, options: object): Plain {
  const values = new Map<string, unknown>(Object.entries(options))
  const given = fieldsOf(schema).flatMap(([name, type]): [string, unknown][] => {
    const value = values.get(name)
    if (value === undefined) return []
    if (!flagFacts(type)) {
      const room = givenOptions(type, value as object)
      return Object.keys(room).length > 0 ? [[name, room]] : []
    }
    return isSame(value, unwrapped(type).fallback) ? [] : [[name, value]]
  })
  return Object.fromEntries(given)
}

function isSame(value: unknown, fallback: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(fallback)
}
