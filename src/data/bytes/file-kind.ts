import {stat} from 'node:fs/promises'
import {extname} from 'node:path'
import {FileError} from '../../errors.js'
import type {ByteSource} from './byte-source.js'
import {inflatedBytes} from './inflated-bytes.js'
import {plainBytes} from './plain-bytes.js'

export type FileKind = 'npz' | 'npy' | 'idx' | 'parquet' | 'csv' | 'jsonl'

/** A data file, opened as far as its kind: gzip is already taken off. */
export interface DataFile {
  readonly kind: FileKind
  readonly bytes: ByteSource
}

const SUPPORTED =
  'Data can be .npz, .npy, .csv, .jsonl, .parquet, IDX files such as t10k-images-idx3-ubyte.gz, or a folder of images'

/** Text has no signature: its name says what it is. */
const TEXT_KINDS: Readonly<Record<string, FileKind>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
}

/** First bytes of formats that have a reader, or are often given by mistake. */
const SIGNATURES: readonly (readonly [start: string, what: string, kind?: FileKind | 'gzip'])[] = [
  ['504b0304', 'a zip archive', 'npz'],
  ['504b0506', 'an empty zip archive', 'npz'],
  ['934e554d5059', 'a NumPy array', 'npy'],
  ['1f8b', 'a gzip file', 'gzip'],
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['52494646', 'a RIFF file (WebP image or WAV sound)'],
  ['47494638', 'a GIF image'],
  ['424d', 'a BMP image'],
  ['50415231', 'a Parquet file', 'parquet'],
  ['894844460d0a1a0a', 'an HDF5 file'],
  ['8002', 'a Python pickle'],
  ['8003', 'a Python pickle'],
  ['8004', 'a Python pickle'],
  ['8005', 'a Python pickle'],
  ['25504446', 'a PDF document'],
  ['fffe', 'UTF-16 text'],
  ['feff', 'UTF-16 text'],
]

/** IDX: two zero bytes, a type code, the number of dimensions. */
const IDX_START = /^0000(08|09|0b|0c|0d|0e)0[1-8]/

/**
 * Finds out by its first bytes, not its name, what a data file is.
 * @throws FileError if it is missing, a folder, empty, or of a kind that is not read.
 */
export async function openDataFile(path: string): Promise<DataFile> {
  const sizeBytes = await fileSizeBytes(path)
  const plain = plainBytes(path, 0, sizeBytes)
  const start = await firstBytes(plain, Math.min(8, sizeBytes))
  const textKind = TEXT_KINDS[extname(path).toLowerCase()]
  if (textKind && isText(start)) return {kind: textKind, bytes: plain}
  const {kind, what} = identify(start)
  if (kind === 'gzip') return openGzip(path, sizeBytes)
  if (kind) return {kind, bytes: plain}
  throw unknownKind(path, what)
}

async function openGzip(path: string, compressedBytes: number): Promise<DataFile> {
  const bytes = inflatedBytes({path, format: 'gzip', start: 0, compressedBytes})
  const {kind, what} = identify(await firstBytes(bytes, 8))
  // a zip's directory is at its end, so a gzipped npz could not be read without unpacking it all
  if (kind === 'npy' || kind === 'idx') return {kind, bytes}
  throw unknownKind(path, `${what}, compressed by gzip`)
}

function identify(start: Buffer): {kind?: FileKind | 'gzip' | undefined; what: string} {
  const hex = start.toString('hex')
  if (IDX_START.test(hex)) return {kind: 'idx', what: 'an IDX file'}
  const found = SIGNATURES.find(([signature]) => hex.startsWith(signature))
  return found ? {kind: found[2], what: found[1]} : {what: `a file that begins with 0x${hex}`}
}

/** No control characters but tabs and line ends, and no byte that UTF-8 never has. */
function isText(start: Buffer): boolean {
  return start.every((byte) => (byte >= 32 || byte === 9 || byte === 10 || byte === 13) && byte < 0xfe)
}

async function firstBytes(bytes: ByteSource, lengthBytes: number): Promise<Buffer> {
  const reader = await bytes.open()
  try {
    return await reader.read(0, lengthBytes)
  } finally {
    await reader.close()
  }
}

async function fileSizeBytes(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new FileError(`${path}: no such data file`, {cause, hint: `Check the path. ${SUPPORTED}`})
  })
  if (found.isDirectory()) throw new FileError(`${path}: expected a data file, got a folder`, {hint: SUPPORTED})
  if (!found.isFile())
    throw new FileError(`${path}: expected a regular file`, {hint: 'Copy the data into a file first'})
  if (found.size === 0) throw new FileError(`${path}: expected data, got an empty file`, {hint: SUPPORTED})
  return found.size
}

function unknownKind(path: string, what: string): FileError {
  const extension = extname(path)
  const named = extension ? ` named '${extension}'` : ''
  return new FileError(`${path}: expected an npz, npy, IDX, csv, jsonl or parquet file, got ${what}${named}`, {
    hint: SUPPORTED,
  })
}
