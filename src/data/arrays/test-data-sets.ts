import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {DataError} from '../../errors.js'
import {arrayTypeOf, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {FeedValue, InputPort} from '../dataset.js'
import {memoryArray} from '../samples/memory-array.js'
import type {SampleArray} from '../samples/sample-array.js'
import {readTensorFile, type StoredTensor} from './tensor-file.js'

const SET = /^test_data_set_(\d+)$/
const INPUT = /^input_(\d+)\.pb$/

export interface TestData {
  /** Named like the inputs; rows of all sets one after another. */
  readonly arrays: readonly SampleArray[]
  /** Inputs without a sample axis, the same in every set. */
  readonly feeds: Readonly<Record<string, FeedValue>>
}

/**
 * The folders of ONNX's own test data in a folder, by their number, or the folder itself when it is one of them.
 * @returns none when it is neither.
 */
export async function findTestDataSets(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  if (names.some((name) => INPUT.test(name))) return [folder]
  return byNumber(names, SET).map((name) => join(folder, name))
}

/**
 * The inputs of test data sets: `input_0.pb`, … in each, ONNX TensorProto, matched by the tensors' names, else by their order.
 *
 * @param ports all inputs of the model, in its order.
 * @throws DataError for a file that is damaged, and for sets that do not go together.
 */
export async function openTestDataSets(folders: readonly string[], ports: readonly InputPort[]): Promise<TestData> {
  const sets = []
  for (const folder of folders) sets.push(await readSet(folder, ports))
  const batched = batchedInputs(sets, ports)
  const arrays: SampleArray[] = []
  const feeds: Record<string, FeedValue> = Object.create(null)
  for (const [name, tensors] of columnsOf(sets)) {
    if (batched.has(name)) arrays.push(joined(name, tensors))
    else feeds[name] = theSame(name, tensors)
  }
  return {arrays, feeds}
}

type TensorSet = ReadonlyMap<string, StoredTensor>

async function readSet(folder: string, ports: readonly InputPort[]): Promise<TensorSet> {
  const files = byNumber(await readdir(folder), INPUT)
  if (files.length === 0) throw new DataError(`${folder}: expected input_0.pb and so on, got none`)
  if (files.length > ports.length) {
    throw new DataError(`${folder}: expected at most ${ports.length} inputs as the model has, got ${files.length}`)
  }
  const tensors: StoredTensor[] = []
  for (const file of files) tensors.push(await readTensorFile(join(folder, file)))
  const known = new Set(ports.map(({name}) => name))
  const named =
    tensors.every(({name}) => known.has(name)) && new Set(tensors.map(({name}) => name)).size === files.length
  return new Map(tensors.map((tensor, index) => [named ? tensor.name : (ports[index] as InputPort).name, tensor]))
}

function byNumber(names: readonly string[], pattern: RegExp): string[] {
  const number = (name: string): number => Number(pattern.exec(name)?.[1])
  return names.filter((name) => pattern.test(name)).sort((a, b) => number(a) - number(b))
}

/**
 * Inputs whose first axis counts samples: as long as the first input's in every set, and free wherever another input's first axis is.
 * States and scalars have none.
 */
function batchedInputs(sets: readonly TensorSet[], ports: readonly InputPort[]): Set<string> {
  const given = ports.filter(({name}) => sets[0]?.has(name))
  const anyFree = given.some(({shape}) => shape && shape.length > 0 && typeof shape[0] !== 'number')
  const candidates = given.filter(({shape}) => !(anyFree && typeof shape?.[0] === 'number'))
  const [lead] = candidates.filter(({name}) => (sets[0]?.get(name)?.shape.length ?? 0) > 0)
  if (!lead) return new Set()
  const rows = (set: TensorSet, name: string) => set.get(name)?.shape[0]
  const fits = candidates.filter(({name}) => sets.every((set) => rows(set, name) === rows(set, lead.name)))
  return new Set(fits.map(({name}) => name))
}

function columnsOf(sets: readonly TensorSet[]): Map<string, StoredTensor[]> {
  const columns = new Map<string, StoredTensor[]>()
  for (const name of new Set(sets.flatMap((set) => [...set.keys()]))) {
    const tensors = sets.flatMap((set) => set.get(name) ?? [])
    if (tensors.length !== sets.length) {
      throw new DataError(
        `input '${name}': expected it in all ${sets.length} test data sets, got it in ${tensors.length}`,
      )
    }
    columns.set(name, tensors)
  }
  return columns
}

function joined(name: string, tensors: readonly StoredTensor[]): SampleArray {
  const [first] = tensors as [StoredTensor]
  const row = first.shape.slice(1)
  const other = tensors.find(({dtype, shape}) => dtype !== first.dtype || shape.slice(1).join() !== row.join())
  if (other) {
    throw new DataError(
      `${other.where}: expected samples of [${row.join(', ')}] ${first.dtype} as in ${first.where}, got [${other.shape.slice(1).join(', ')}] ${other.dtype}`,
      {hint: 'Give one test_data_set folder at a time'},
    )
  }
  const rows = tensors.reduce((sum, {shape}) => sum + (shape[0] as number), 0)
  const data: TypedArray = new (arrayTypeOf(first.dtype))(rows * elementCount(row))
  let at = 0
  for (const tensor of tensors) {
    data.set(tensor.data as never, at)
    at += tensor.data.length
  }
  return memoryArray({name, where: first.where, dtype: first.dtype, shape: [rows, ...row]}, data)
}

function theSame(name: string, tensors: readonly StoredTensor[]): FeedValue {
  const [first] = tensors as [StoredTensor]
  const text = ({shape, data}: StoredTensor): string => `${shape.join()}|${data.join()}`
  const other = tensors.find((tensor) => text(tensor) !== text(first))
  if (!other) return first
  throw new DataError(
    `${other.where}: expected the values of ${first.where}, because '${name}' has no axis of samples`,
    {
      hint: 'Give one test_data_set folder at a time',
    },
  )
}
