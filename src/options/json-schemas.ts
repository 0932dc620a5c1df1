import {z} from 'zod'
import {RESULT_SCHEMAS} from '../results/schemas.js'
import {valuesOf} from './record.js'
import {SCHEMAS} from './schemas.js'

type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema (draft 2020-12) of the options of each verb as they are given: `quantize-options`. */
export function optionSchemas(): Record<string, JsonSchema> {
  return schemasOf('input', 'options', SCHEMAS)
}

/** The same of what `--json` prints and the library gives: `quantize-result`. */
export function resultSchemas(): Record<string, JsonSchema> {
  return schemasOf('output', 'result', RESULT_SCHEMAS)
}

function schemasOf(
  io: 'input' | 'output',
  what: string,
  types: Readonly<Record<string, z.ZodType>>,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(types).map(([verb, type]) => [`${verb}-${what}`, jsonSchema(type, io)]))
}

function jsonSchema(type: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(type, {
    io,
    override: ({zodSchema, jsonSchema: schema}) => {
      const values = valuesOf(zodSchema as unknown as z.ZodType)
      if (!values) return
      const {$schema: _, ...additionalProperties} = jsonSchema(values, io)
      Object.assign(schema, {type: 'object', additionalProperties})
    },
  }) as JsonSchema
}
