import {DataError} from '../../errors.js'
import type {Feeds, InputPort} from '../dataset.js'
import {describeArray, type SampleArray} from './sample-array.js'

/** Names under which npz files keep labels, in the order they are tried. */
export const LABEL_NAMES: readonly string[] = ['label', 'labels', 'y']

export interface DataArrays {
  readonly path: string
  readonly arrays: readonly SampleArray[]
  /** name → why the array cannot be read */
  readonly unreadable: ReadonlyMap<string, DataError>
  /** Labels that are no array of the data: the folders of images. */
  readonly labels?: SampleArray | undefined
  /** Taken in random order unless the user says otherwise: sorted by class, the first samples would be all of one. */
  readonly isShuffled?: boolean
  /** Images come out resized and cropped already. */
  readonly isSized?: boolean
  /** Inputs without a sample axis that the data holds values for. */
  readonly feeds?: Feeds
  readonly notes?: readonly string[]
}

export interface Match {
  readonly inputs: readonly {readonly input: InputPort; readonly array: SampleArray}[]
  readonly labels: SampleArray | undefined
  /** The labels were asked for under the name of an input: each place is judged by the token that follows it there. */
  readonly areNext: boolean
  readonly notes: readonly string[]
}

/**
 * Finds the array of each input: by `map`, by its name, or because there is one input and one array that is no label.
 *
 * @param labelColumn the array of labels, when it is not to be found by its name; one of an input for its next tokens.
 * @throws DataError when an input gets none, or `map` or `labelColumn` names what is not there.
 */
export function matchArrays(
  data: DataArrays,
  ports: readonly InputPort[],
  map: Readonly<Record<string, string>>,
  labelColumn?: string,
): Match {
  checkMap(data, ports, map)
  checkLabelColumn(data, labelColumn)
  const isInput = (name: string): boolean => ports.some((port) => port.name === name)
  const names = labelColumn === undefined ? LABEL_NAMES : [labelColumn]
  const labelName = names.find((name) => !Object.hasOwn(map, name) && !isInput(name) && hasArray(data, name))
  const labels = labelName === undefined ? undefined : readable(data, labelName)
  const others = data.arrays.filter((array) => array !== labels)
  const only = ports.length === 1 && others.length === 1 && Object.keys(map).length === 0 ? others[0] : undefined
  const inputs = ports.map((input) => ({
    input,
    array: arrayFor(input, data, map) ?? only ?? missing(input, data, ports),
  }))
  const used = new Set([labels, ...inputs.map(({array}) => array)])
  const ignored = [...data.arrays.filter((array) => !used.has(array)).map((array) => array.name)]
  for (const name of data.unreadable.keys()) ignored.push(name)
  const notes = ignored.map((name) => `${data.path}: array '${name}' is ignored, no input of the model has that name`)
  const next = inputs.find(({array}) => labelColumn !== undefined && array.name === labelColumn)?.array
  return {inputs, labels: next ?? labels ?? data.labels, areNext: next !== undefined, notes}
}

function checkLabelColumn(data: DataArrays, name: string | undefined): void {
  if (name === undefined || hasArray(data, name)) return
  const names = [...data.arrays.map((array) => array.name), ...data.unreadable.keys()]
  throw new DataError(
    `--label-column: expected one of ${names.map((known) => `'${known}'`).join(', ')} in ${data.path}, got '${name}'`,
  )
}

function arrayFor(input: InputPort, data: DataArrays, map: Readonly<Record<string, string>>): SampleArray | undefined {
  const mapped = Object.keys(map).find((name) => map[name] === input.name)
  const name = mapped ?? (Object.hasOwn(map, input.name) ? undefined : input.name)
  return name !== undefined && hasArray(data, name) ? readable(data, name) : undefined
}

function hasArray(data: DataArrays, name: string): boolean {
  return data.unreadable.has(name) || data.arrays.some((array) => array.name === name)
}

/** An array that is needed: now its reason for being unreadable counts. */
function readable(data: DataArrays, name: string): SampleArray | undefined {
  const problem = data.unreadable.get(name)
  if (problem) throw problem
  return data.arrays.find((array) => array.name === name)
}

function missing(input: InputPort, data: DataArrays, {length}: readonly InputPort[]): never {
  const [first] = [...data.unreadable.values()]
  if (data.arrays.length === 0 && first) throw first
  const held = data.arrays.map((array) => `'${array.name}' ${describeArray(array)}`).join(', ')
  throw new DataError(
    `${data.path}: expected an array named '${input.name}' for that input, got ${held || 'no arrays'}`,
    {
      hint: `Name the array like the input, or give --map array=${input.name}${length > 1 ? `, or a constant with --feed ${input.name}=VALUE` : ''}`,
    },
  )
}

function checkMap(data: DataArrays, ports: readonly InputPort[], map: Readonly<Record<string, string>>): void {
  for (const [name, target] of Object.entries(map)) {
    const inputs = ports.map((port) => `'${port.name}'`).join(', ')
    const names = data.arrays.map((array) => `'${array.name}'`).join(', ')
    if (!hasArray(data, name))
      throw new DataError(`${data.path}: --map expects one of the arrays ${names}, got '${name}'`)
    if (!ports.some((port) => port.name === target)) {
      throw new DataError(`--map ${name}=${target}: expected one of the inputs ${inputs}, got '${target}'`)
    }
  }
}
