import type {TypedArray} from '../../src/ir/dtype.js'

interface NpyParts {
  readonly descr: string
  readonly shape: readonly number[]
  readonly data: Uint8Array
  readonly fortranOrder?: boolean
  readonly version?: 1 | 2 | 3
}

/** The bytes of a .npy file, true or lying: nothing is checked. */
export function npyBytes({descr, shape, data, fortranOrder = false, version = 1}: NpyParts): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${sizes}), }`
  const prefix = version === 1 ? 10 : 12
  const text = `${header.padEnd(Math.ceil((prefix + header.length + 1) / 64) * 64 - prefix - 1)}\n`
  const start = Buffer.alloc(prefix)
  start.write('\x93NUMPY', 'latin1')
  start[6] = version
  if (version === 1) start.writeUInt16LE(text.length, 8)
  else start.writeUInt32LE(text.length, 8)
  return Buffer.concat([start, Buffer.from(text, 'latin1'), data])
}

const DESCRS = new Map<unknown, string>([
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Int8Array, '|i1'],
  [Uint8Array, '|u1'],
  [Int32Array, '<i4'],
  [BigInt64Array, '<i8'],
])

/** A typed array as .npy bytes. */
export function npyOf(data: TypedArray, shape: readonly number[]): Buffer {
  const descr = DESCRS.get(data.constructor)
  if (!descr) throw new TypeError(`no descr for ${data.constructor.name}`)
  return npyBytes({descr, shape, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength)})
}
