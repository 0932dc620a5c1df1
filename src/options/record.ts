import {z} from 'zod'

const VALUES = new WeakMap<z.ZodType, z.ZodType>()

/**
 * Values by names from a file, which may be anything: zod's own records leave `__proto__` out.
 *
 * @param value a type without defaults and transformations: what is given is taken as it is.
 */
export function record<T extends z.ZodType>(value: T): z.ZodType<Record<string, z.output<T>>> {
  const type = z.any().check((context) => {
    const {value: given, issues} = context
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      issues.push({code: 'custom', message: 'expected values by names', input: given})
      return
    }
    for (const [name, one] of Object.entries(given)) {
      const {error} = value.safeParse(one, {reportInput: true})
      for (const issue of error?.issues ?? []) {
        issues.push({...issue, path: [name, ...issue.path], input: issue.input} as z.core.$ZodRawIssue)
      }
    }
  })
  VALUES.set(type, value)
  return type
}

/** The type of a record's values; undefined of what is no record. */
export function valuesOf(type: z.ZodType): z.ZodType | undefined {
  return VALUES.get(type)
}
