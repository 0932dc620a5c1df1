import {DataError} from '../../errors.js'
import type {DType} from '../../ir/dtype.js'
import type {ByteReader} from '../bytes/byte-source.js'
import type {ElementType} from '../samples/element-type.js'

export interface NpyHeader {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly fortranOrder: boolean
  readonly dataOffset: number
}

/** NumPy's own headers are 128 bytes; a structured type of a wide table may need some thousand. */
const MAX_HEADER_BYTES = 64 * 1024

const MAGIC = '\x93NUMPY'

/** kind and size in bytes of a NumPy type string → dtype */
const DTYPES: Readonly<Record<string, DType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
}

/** Why an element type is refused, by its kind letter, and what to do. */
const REFUSED: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  O: ['Python objects (pickled)', 'Objects are never loaded, because a pickle can run code; save numbers instead'],
  U: ['text', 'Turn text into numbers, such as token ids, before saving'],
  S: ['byte strings', 'Turn text into numbers, such as token ids, before saving'],
  V: ['records or raw bytes', 'Save each field as its own array; store bfloat16 as float32'],
  c: ['complex numbers', 'Save the real and imaginary parts as float arrays'],
  M: ['dates', 'Save numbers instead'],
  m: ['time spans', 'Save numbers instead'],
}

/**
 * Reads the header of a .npy file, versions 1.0 to 3.0.
 * @throws DataError for another format, a damaged header, or an element type that is not a number.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpyHeader(reader: ByteReader, where: string): Promise<NpyHeader> {
  const start = await reader.read(0, 12)
  if (start.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new DataError(`${where}: expected a NumPy array (.npy)`)
  const version = start[6] as number
  if (version < 1 || version > 3) throw new DataError(`${where}: expected .npy format 1 to 3, got ${version}`)
  const textOffset = version === 1 ? 10 : 12
  const lengthBytes = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8)
  if (lengthBytes > MAX_HEADER_BYTES) throw damaged(where, `a header of ${lengthBytes} bytes`)
  const text = (await reader.read(textOffset, lengthBytes)).toString(version === 3 ? 'utf8' : 'latin1')
  return {...parseHeader(text, where), dataOffset: textOffset + lengthBytes}
}

/** The header is a Python dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseHeader(text: string, where: string): Omit<NpyHeader, 'dataOffset'> {
  const descr = /['"]descr['"]\s*:\s*(\[|['"][^'"]*['"])/.exec(text)?.[1]
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1]
  const shape = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/.exec(text)?.[1]
  if (descr === undefined || order === undefined || shape === undefined)
    throw damaged(where, JSON.stringify(text.slice(0, 80)))
  const sizes = shape.split(',').map((size) => size.trim())
  return {
    type: elementTypeOf(descr === '[' ? '|V' : descr.slice(1, -1), where),
    shape: sizes.filter((size) => size !== '').map((size) => Number.parseInt(size, 10)),
    fortranOrder: order === 'True',
  }
}

function elementTypeOf(descr: string, where: string): ElementType {
  const [, order = '', kind = '', size = ''] = /^([<>|=]?)([A-Za-z])(\d*)/.exec(descr) ?? []
  const dtype = DTYPES[kind + size]
  if (dtype) return {dtype, bigEndian: order === '>'}
  const [what, hint] = REFUSED[kind] ?? [`elements of type '${descr}'`, 'Save as float32, int64 or another usual type']
  throw new DataError(`${where}: expected numbers, got ${what}`, {hint})
}

function damaged(where: string, got: string): DataError {
  return new DataError(`${where}: expected a header with descr, fortran_order and shape, got ${got}`, {
    hint: 'Write the array again with numpy.save or numpy.savez',
  })
}
