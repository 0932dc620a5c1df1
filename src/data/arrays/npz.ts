import {type Entry, openPromise, type ZipFile} from 'yauzl'
import {DataError, FileError} from '../../errors.js'
import type {ByteSource} from '../bytes/byte-source.js'
import {inflatedBytes} from '../bytes/inflated-bytes.js'
import {storedBytes} from '../bytes/plain-bytes.js'
import type {SampleArray} from '../samples/sample-array.js'
import {openNpy} from './npy.js'

/** Compression methods of the zip format (APPNOTE 4.4.5) that npz writers use. */
const STORED = 0
const DEFLATED = 8

/** An archive of the size users have holds tens of arrays; more is an attack on the directory reader. */
const MAX_ARRAYS = 10_000

/**
 * A member that cannot be used does not spoil the others: it is an error only when a model's input needs it.
 */
export interface NpzContents {
  readonly arrays: readonly SampleArray[]
  /** name → why it cannot be read */
  readonly unreadable: ReadonlyMap<string, DataError>
}

/**
 * The arrays of an .npz file (zip or zip64, stored or deflated); only headers are read now.
 * @throws FileError if the directory of the archive is damaged.
 * @throws DataError if two members have one name.
 */
export async function openNpz(path: string): Promise<NpzContents> {
  const members = await listMembers(path)
  const arrays: SampleArray[] = []
  const unreadable = new Map<string, DataError>()
  for (const [name, member] of members) {
    try {
      arrays.push(await openNpy(bytesOf(path, member), name))
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      unreadable.set(name, error)
    }
  }
  return {arrays, unreadable}
}

interface Member {
  readonly entry: Entry
  readonly dataStart: number
  /** Bytes from `dataStart` to the end of the archive: the directory may claim more than that. */
  readonly roomBytes: number
}

async function listMembers(path: string): Promise<Map<string, Member>> {
  try {
    const zip = await openPromise(path, {autoClose: false})
    try {
      return await readDirectory(zip, path)
    } finally {
      zip.close()
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FileError(`${path}: expected an .npz archive, got a damaged zip file (${reason})`, {
      cause,
      hint: 'Write it again with numpy.savez or download it again',
    })
  }
}

async function readDirectory(zip: ZipFile, path: string): Promise<Map<string, Member>> {
  const members = new Map<string, Member>()
  for await (const entry of zip.eachEntry()) {
    const {fileDataStart, fileName} = await zip.readLocalFileHeaderPromise(entry)
    if (!fileName.equals(entry.fileNameRaw)) {
      throw new Error(`a member is called '${entry.fileName}' in the directory and '${fileName}' in its place`)
    }
    if (!entry.fileName.endsWith('.npy')) continue
    const name = entry.fileName.slice(0, -'.npy'.length)
    if (members.has(name)) throw new DataError(`${path}: expected one array '${name}', got two`)
    if (members.size === MAX_ARRAYS) throw new DataError(`${path}: expected at most ${MAX_ARRAYS} arrays`)
    members.set(name, {entry, dataStart: fileDataStart, roomBytes: Math.max(0, zip.fileSize - fileDataStart)})
  }
  return members
}

function bytesOf(path: string, {entry, dataStart, roomBytes}: Member): ByteSource {
  const where = `${path}: ${entry.fileName}`
  if (entry.isEncrypted()) throw new DataError(`${where} is encrypted`, {hint: 'Save it without a password'})
  const compressedBytes = Math.min(entry.compressedSize, roomBytes)
  const {crc32, uncompressedSize: sizeBytes} = entry
  if (entry.compressionMethod === STORED) return storedBytes(path, dataStart, compressedBytes, {where, crc32})
  if (entry.compressionMethod !== DEFLATED) {
    throw new DataError(`${where}: expected a stored or deflated member, got zip method ${entry.compressionMethod}`, {
      hint: 'Write it again with numpy.savez or numpy.savez_compressed',
    })
  }
  return inflatedBytes({path, format: 'deflate', start: dataStart, compressedBytes, sizeBytes, crc32}, where)
}
