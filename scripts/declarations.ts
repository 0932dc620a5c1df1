import {readFileSync} from 'node:fs'
import {z} from 'zod'
import {valuesOf} from '../src/options/record.js'
import {SCHEMAS} from '../src/options/schemas.js'
import {RESULT_SCHEMAS} from '../src/results/schemas.js'

// `doctor` is no verb of the library
const {doctor: _, ...results} = RESULT_SCHEMAS

/** The options of the verbs of the library, by the names of their types. */
export const OPTIONS = named(SCHEMAS, 'Options')

/** Their results. */
export const RESULTS = named(results, 'Result')

function named(types: Readonly<Record<string, z.ZodType>>, what: string): Record<string, z.ZodType> {
  const entries = Object.entries(types).map(([verb, type]) => [
    `${verb.replace(/(?:^|-)./g, (start) => start.replace('-', '').toUpperCase())}${what}`,
    type,
  ])
  return Object.fromEntries(entries)
}

/**
 * The declarations of the library, written out of the schemas: what users see needs no other package, and a change of the public surface is
 * a change of this text.
 */
export function declarations(): string {
  const fixed = readFileSync(new URL('library-surface.d.ts', import.meta.url), 'utf8')
  const options = Object.entries(OPTIONS).map(([name, type]) => interfaceOf(name, type, 'input'))
  const documents = Object.entries(RESULTS).map(([name, type]) => interfaceOf(name, type, 'output'))
  return `${[fixed.trim(), ...options, ...documents].join('\n\n')}\n`
}

type Side = 'input' | 'output'

function interfaceOf(name: string, type: z.ZodType, side: Side): string {
  return `export interface ${name} ${textOf(type, side, '')}`
}

/** @param indent of the line that the type stands in. */
function textOf(type: z.ZodType, side: Side, indent: string): string {
  const values = valuesOf(type)
  if (values) return `{readonly [name: string]: ${textOf(values, side, indent)}}`
  if (type instanceof z.ZodObject) return objectText(type, side, indent)
  if (type instanceof z.ZodArray) return `readonly ${inBrackets(textOf(type.element as z.ZodType, side, indent))}[]`
  if (type instanceof z.ZodTuple) {
    return `readonly [${(type.def.items as z.ZodType[]).map((item) => textOf(item, side, indent)).join(', ')}]`
  }
  if (type instanceof z.ZodRecord) {
    return `{readonly [name: string]: ${textOf(type.valueType as z.ZodType, side, indent)}}`
  }
  if (type instanceof z.ZodUnion || type instanceof z.ZodDiscriminatedUnion) {
    return type.options.map((option) => textOf(option as z.ZodType, side, indent)).join(' | ')
  }
  if (type instanceof z.ZodNullable) return `${textOf(type.unwrap() as z.ZodType, side, indent)} | null`
  if (isWrapper(type)) return textOf(type.unwrap() as z.ZodType, side, indent)
  return plainText(type)
}

function plainText(type: z.ZodType): string {
  if (type instanceof z.ZodEnum) return type.options.map((option) => `'${option}'`).join(' | ')
  if (type instanceof z.ZodLiteral) return [...type.values].map((value) => JSON.stringify(value)).join(' | ')
  if (type instanceof z.ZodString) return 'string'
  if (type instanceof z.ZodNumber) return 'number'
  if (type instanceof z.ZodBoolean) return 'boolean'
  if (type instanceof z.ZodNull) return 'null'
  if (type instanceof z.ZodUnknown || type instanceof z.ZodAny) return 'unknown'
  throw new Error(`no declaration for ${type.def.type}`)
}

function isWrapper(type: z.ZodType): type is z.ZodOptional | z.ZodDefault | z.ZodPrefault {
  return type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault
}

function inBrackets(text: string): string {
  return text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text
}

function objectText({shape}: z.ZodObject, side: Side, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(shape as Record<string, z.ZodType>).map(([name, type]) => {
    const isOptional = side === 'input' ? type.safeParse(undefined).success : type instanceof z.ZodOptional
    const key = /^[a-zA-Z_]\w*$/.test(name) ? name : `'${name}'`
    const end = isOptional ? ' | undefined' : ''
    const declared = `${inner}readonly ${key}${isOptional ? '?' : ''}: ${textOf(type, side, inner)}${end}`
    return `${comment(type, inner)}${declared}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function comment(type: z.ZodType, indent: string): string {
  if (type.description === undefined) return ''
  const {defaultValue} = type.def as {defaultValue?: unknown}
  const isShown = defaultValue !== undefined && JSON.stringify(defaultValue).length > 2
  return `${indent}/** ${type.description}${isShown ? `; default: ${JSON.stringify(defaultValue)}` : ''} */\n`
}
