import {stat} from 'node:fs/promises'
import {basename} from 'node:path'
import {DataError} from '../errors.js'
import {openIdx} from './arrays/idx.js'
import {openNpy} from './arrays/npy.js'
import {openNpz} from './arrays/npz.js'
import {findTestDataSets, openTestDataSets} from './arrays/test-data-sets.js'
import {openDataFile} from './bytes/file-kind.js'
import type {DataSpec, InputPort, PreprocessSpec} from './dataset.js'
import {imageArray} from './images/image-array.js'
import {listImages} from './images/image-files.js'
import {type DataArrays, LABEL_NAMES} from './samples/match-arrays.js'
import {memoryArray} from './samples/memory-array.js'
import {openCsv} from './tables/csv.js'
import {openJsonl} from './tables/jsonl.js'
import {openParquet} from './tables/parquet.js'
import type {Table} from './tables/table.js'
import {tableArrays} from './tables/table-arrays.js'

/** What decides how a form of data becomes arrays. */
export interface ArraysRequest extends Pick<DataSpec, 'path' | 'map' | 'labelColumn' | 'isEval' | 'labels'> {
  /** The inputs the data has to feed; none when labels are read. */
  readonly ports: readonly InputPort[]
  /** All inputs of the model, in its order. */
  readonly inputs: readonly InputPort[]
  readonly preprocess: PreprocessSpec
}

/**
 * Opens data of any form; only headers are read, and tables gone over once.
 * @throws FileError, DataError
 */
export async function openArrays(request: ArraysRequest): Promise<DataArrays> {
  const {path} = request
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return openFolder(request)
  const {kind, bytes} = await openDataFile(path)
  if (kind === 'npz') return {path, ...(await openNpz(path))}
  if (kind === 'csv' || kind === 'jsonl' || kind === 'parquet') return openTable(request, kind)
  const name = basename(path)
  const array = kind === 'npy' ? await openNpy(bytes, name) : await openIdx(bytes, name)
  return {path, arrays: [array], unreadable: new Map()}
}

async function openTable(request: ArraysRequest, kind: 'csv' | 'jsonl' | 'parquet'): Promise<DataArrays> {
  const {path, ports, labelColumn, map = {}} = request
  const table = await TABLES[kind](path)
  const isLabel = labelColumn === undefined ? usualLabel(table.columns, ports) : labelColumn
  return tableArrays(table, ports, (column) => column === isLabel, map)
}

const TABLES: Readonly<Record<'csv' | 'jsonl' | 'parquet', (path: string) => Promise<Table>>> = {
  csv: openCsv,
  jsonl: openJsonl,
  parquet: openParquet,
}

function usualLabel(columns: readonly string[], ports: readonly InputPort[]): string | undefined {
  return LABEL_NAMES.find((name) => columns.includes(name) && !ports.some((port) => port.name === name))
}

async function openFolder(request: ArraysRequest): Promise<DataArrays> {
  const {path, ports, inputs} = request
  const sets = await findTestDataSets(path)
  if (sets.length === 0) return openImages(request)
  const {arrays, feeds} = await openTestDataSets(sets, inputs)
  // what --feed gives is left out of the files
  const isWanted = (name: string): boolean => ports.some((port) => port.name === name)
  return {path, arrays: arrays.filter(({name}) => isWanted(name)), unreadable: new Map(), feeds}
}

async function openImages({path, ports, preprocess, map = {}, isEval, labels}: ArraysRequest): Promise<DataArrays> {
  const files = await listImages(path)
  if (isEval && !files.classes && labels === undefined) throw withoutLabels(path)
  const mapped = ports.find(({name}) => name === map.images)
  const input = mapped ?? (ports.length === 1 ? ports[0] : undefined)
  if (!input) {
    throw new DataError(
      `${path}: images feed one input, and the model has ${ports.map(({name}) => `'${name}'`).join(', ')}`,
      {hint: 'Say which with --map images=INPUT and give the others with --feed, or save all inputs in an .npz'},
    )
  }
  const {classes, notes} = files
  const header = {name: 'class folders', where: path, dtype: 'float64', shape: [files.paths.length]} as const
  return {
    path,
    arrays: [await imageArray(path, files, input, preprocess)],
    unreadable: new Map(),
    labels: classes && memoryArray(header, classes),
    isShuffled: classes !== undefined,
    isSized: true,
    notes,
  }
}

function withoutLabels(path: string): DataError {
  return new DataError(
    `--eval ${path}: expected class folders, whose order gives the labels, got images without labels`,
    {
      hint: 'Sort the images into a folder per class, or give --eval-labels FILE in the order of the file names',
    },
  )
}
