import {z} from 'zod'
import {
  benchResult,
  distillResult,
  doctorResult,
  finetuneResult,
  inspectResult,
  pruneResult,
  quantizeResult,
  simplifyResult,
} from '../results.js'
import {benchOptions} from './bench.js'
import {inspectOptions} from './inspect.js'
import {pruneOptions} from './prune.js'
import {quantizeOptions} from './quantize.js'
import {valuesOf} from './record.js'
import {simplifyOptions} from './simplify.js'
import {distillOptions, finetuneOptions} from './training.js'

type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema (draft 2020-12) of the options of each verb as they are given: `quantize-options`. */
export function optionSchemas(): Record<string, JsonSchema> {
  return schemasOf('input', {
    'bench-options': benchOptions,
    'distill-options': distillOptions,
    'finetune-options': finetuneOptions,
    'inspect-options': inspectOptions,
    'prune-options': pruneOptions,
    'quantize-options': quantizeOptions,
    'simplify-options': simplifyOptions,
  })
}

/** The same of what `--json` prints and the library gives: `quantize-result`. */
export function resultSchemas(): Record<string, JsonSchema> {
  return schemasOf('output', {
    'bench-result': benchResult,
    'distill-result': distillResult,
    'doctor-result': doctorResult,
    'finetune-result': finetuneResult,
    'inspect-result': inspectResult,
    'prune-result': pruneResult,
    'quantize-result': quantizeResult,
    'simplify-result': simplifyResult,
  })
}

function schemasOf(io: 'input' | 'output', types: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  const entries = Object.entries(types).map(([name, type]) => [name, jsonSchema(type, io)] as const)
  return Object.fromEntries(entries)
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
