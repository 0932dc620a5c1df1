import {DataError} from '../../errors.js'

/** Reads fields of a preprocessor_config.json, each refused by its name when it is not what it should be. */
export class PreprocessorFields {
  constructor(
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  get names(): string[] {
    return Object.keys(this.fields)
  }

  /** Absent and null mean the same in these files. */
  value(name: string): unknown {
    return this.fields[name] ?? undefined
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name) ?? otherwise
    if (typeof value === 'boolean') return value
    throw this.refusal(name, 'true or false')
  }

  number(name: string, otherwise: number): number {
    const value = this.value(name) ?? otherwise
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
    throw this.refusal(name, 'a number above 0')
  }

  text(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined || typeof value === 'string') return value
    throw this.refusal(name, 'a name')
  }

  /** One number or a list. */
  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    const value = this.value(name) ?? otherwise
    const list = Array.isArray(value) ? value : [value]
    if (list.length > 0 && list.every((item) => typeof item === 'number' && Number.isFinite(item))) return list
    throw this.refusal(name, 'a number or a list of numbers')
  }

  /** `224`, or an object of sides in pixels. */
  sides(name: string, otherwise: number | Readonly<Record<string, number>>): number | Readonly<Record<string, number>> {
    const value = this.value(name) ?? otherwise
    const sides = typeof value === 'object' && value !== null ? withoutNull(value) : {only: value}
    const valid = Object.values(sides).every((side) => Number.isInteger(side) && (side as number) > 0)
    if (!valid || Object.keys(sides).length === 0) throw this.refusal(name, 'whole numbers of pixels')
    return typeof value === 'number' ? value : (sides as Record<string, number>)
  }

  refusal(name: string, expected: string): DataError {
    return new DataError(`${this.path}: '${name}': expected ${expected}, got ${JSON.stringify(this.fields[name])}`, {
      hint: 'Prepare the images yourself and save them as an .npz, or give --resize, --scale, --mean and --std',
    })
  }
}

function withoutNull(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, side]) => side !== null))
}
