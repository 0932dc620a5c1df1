import {z} from 'zod'

/** A type without what says that it may be left out. */
export interface Unwrapped {
  readonly type: z.ZodType
  /** What it is when it is left out. */
  readonly fallback?: unknown
  readonly isRequired: boolean
}

export function unwrapped(type: z.ZodType): Unwrapped {
  if (type instanceof z.ZodDefault)
    return {...unwrapped(inner(type)), fallback: type.def.defaultValue, isRequired: false}
  if (type instanceof z.ZodPrefault || type instanceof z.ZodOptional)
    return {...unwrapped(inner(type)), isRequired: false}
  return {type, isRequired: true}
}

function inner(type: z.ZodDefault | z.ZodPrefault | z.ZodOptional): z.ZodType {
  return type.unwrap() as z.ZodType
}

/** The options of a room, by name. */
export function fieldsOf(room: z.ZodType): readonly (readonly [name: string, type: z.ZodType])[] {
  const {type} = unwrapped(room)
  return type instanceof z.ZodObject ? Object.entries(type.shape as Record<string, z.ZodType>) : []
}
