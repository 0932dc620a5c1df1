import {Flags, type Interfaces} from '@oclif/core'
import {z} from 'zod'
import {type FlagFacts, flagFacts, type TypedAs} from '../options/field.js'
import {fieldsOf, unwrapped} from '../options/unwrapped.js'
import * as types from './flag-types.js'
import {modelFlag} from './model-arg.js'

/** A flag's settings, in oclif's words. */
type Settings = Readonly<Record<string, unknown>>

type Flag = Interfaces.Flag<unknown>

/** Headings of the rooms in `--help`; those of a verb's own options come first, without. */
const GROUPS: Readonly<Record<string, string>> = {
  output: 'OUTPUT',
  data: 'DATA',
  judge: 'JUDGE',
  run: 'RUN',
  budget: 'BUDGET',
}

/** The flags of a verb: one for each option of its schema. */
export function flagsOf(verb: z.ZodObject): Record<string, Flag> {
  return Object.fromEntries(fieldsOf(verb).flatMap(([name, room]) => flagsOfRoom(room, GROUPS[name])))
}

function flagsOfRoom(room: z.ZodType, group: string | undefined): [string, Flag][] {
  return fieldsOf(room).flatMap(([name, type]): [string, Flag][] => {
    const facts = flagFacts(type)
    return facts ? [[flagName(name, facts), flagOf(type, facts, group)]] : flagsOfRoom(type, group)
  })
}

/** Names of the flags of a room. */
export function flagNamesOf(room: z.ZodType): string[] {
  return flagsOfRoom(room, undefined).map(([name]) => name)
}

/** `evalLimit` is typed as `--eval-limit`, if nothing else is said. */
export function flagName(option: string, {flag}: FlagFacts): string {
  return flag ?? option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function flagOf(type: z.ZodType, facts: FlagFacts, room: string | undefined): Flag {
  const {type: inner, fallback, isRequired} = unwrapped(type)
  const {char, helpValue, defaultHelp, group = room, allowNo = false, typed} = facts
  const settings = {
    summary: type.description ?? '',
    ...(group !== undefined && {helpGroup: group}),
    ...(char !== undefined && {char}),
    ...(helpValue !== undefined && {helpValue}),
    ...(isShown(fallback) && {default: fallback}),
    ...(defaultHelp !== undefined && {defaultHelp: async () => defaultHelp}),
    ...(isRequired && {required: true}),
  }
  if (typed) return TYPED[typed]({...settings, ...(typed === 'counts' && boundsOf(elementOf(inner)))})
  if (inner instanceof z.ZodBoolean) return made(Flags.boolean, {allowNo})(settings)
  if (inner instanceof z.ZodEnum) return made(Flags.custom({options: inner.options as string[]}))(settings)
  if (inner instanceof z.ZodNumber) return numberFlag(inner, settings)
  return made(Flags.string, inner instanceof z.ZodArray ? REPEATED : {})(settings)
}

/** Nothing is filled in for a list or a table that is empty. */
function isShown(fallback: unknown): boolean {
  if (fallback === undefined) return false
  return typeof fallback !== 'object' || fallback === null || Object.keys(fallback).length > 0
}

const REPEATED = {multiple: true, multipleNonGreedy: true}

function numberFlag(inner: z.ZodNumber, settings: Settings): Flag {
  return made(inner.isInt ? types.integer : types.number, boundsOf(inner))(settings)
}

function elementOf(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodArray ? (type.element as z.ZodType) : type
}

function boundsOf(type: z.ZodType): {min?: number; max?: number} {
  if (!(type instanceof z.ZodNumber)) return {}
  return {...boundOf('min', type.minValue), ...boundOf('max', type.maxValue)}
}

function boundOf(name: 'min' | 'max', value: number | null): {min?: number; max?: number} {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? {} : {[name]: value}
}

/** oclif types a flag by its settings, which are not known here before the program runs. */
function made(make: (settings: never) => unknown, more: object = {}): (settings: Settings) => Flag {
  return (settings) => make({...more, ...settings} as never) as Flag
}

/** The flags of options whose type alone does not tell how they are typed. */
const TYPED: Readonly<Record<TypedAs, (settings: Settings) => Flag>> = {
  augmentations: made(types.augmentations, {helpValue: 'flip,shift,crop'}),
  counts: made(types.integerList),
  dims: made(types.dimension, REPEATED),
  duration: made(types.duration),
  feeds: made(types.feed, REPEATED),
  list: made(types.names),
  map: made(types.mapping, REPEATED),
  model: made(modelFlag),
  'number or auto': made(types.numberOrAuto),
  numbers: made(types.numberList),
  'output kinds': made(types.outputKind, REPEATED),
  overrides: made(types.override, {multiple: true}),
  patterns: made(types.pattern, {multiple: true}),
  ratio: made(types.ratio),
  shapes: made(types.inputShape, REPEATED),
  sides: made(types.sides),
  warmup: made(types.warmup),
}
