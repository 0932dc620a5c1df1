import {expect} from 'chai'
import {openNpz} from '../../../src/data/arrays/npz.js'
import {openData} from '../../../src/data/open-data.js'
import {verifyData} from '../../../src/data/verify-data.js'
import {DataError, FileError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readValues} from '../../support/data-reading.js'
import {npyBytes, npyOf} from '../../support/npy-writer.js'
import {zipOf} from '../../support/zip-writer.js'

const folder = new DataFolder()
const X = [port('x', 'float32', ['N', 2])]
const six = Float32Array.of(1, 2, 3, 4, 5, 6)
const open = (path: string) => openData({path, seed: 0}, X)

/** A copy with the lowest bit of one byte changed. */
function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

describe('openNpz', () => {
  after(() => folder.remove())

  it('reads what NumPy wrote: deflated, big-endian', async () => {
    const dataset = await open('fixtures/numpy/big-endian.npz')
    expect(await readValues(dataset, 'x')).to.deep.equal([1, -2, 3.5, 4, 5, Math.fround(6e10)])
    expect([...(dataset.labels as Float64Array)]).to.deep.equal([2, 0, -1])
  })

  it('lists text and object arrays as unreadable, without spoiling the others', async () => {
    const {arrays, unreadable} = await openNpz('fixtures/numpy/mixed.npz')
    expect(arrays.map(({name}) => name)).to.deep.equal(['input_ids', 'attention_mask', 'y'])
    expect(unreadable.get('title')?.message).to.contain('expected numbers, got text')
    expect(unreadable.get('notes')?.message).to.contain('expected numbers, got Python objects (pickled)')
  })

  it('refuses an object array that an input needs', async () => {
    const error = await errorOf(
      openData({path: 'fixtures/numpy/mixed.npz', seed: 0}, [port('notes', 'float32', ['N'])]),
    )
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.contain('Python objects (pickled)')
    expect(error.hint).to.contain('a pickle can run code')
  })

  for (const deflate of [false, true]) {
    it(`reads zip64 archives, ${deflate ? 'deflated' : 'stored'}`, async () => {
      const path = folder.npz(`zip64-${deflate}.npz`, {x: npyOf(six, [3, 2])}, {zip64: true, deflate})
      expect(await readValues(await open(path), 'x')).to.deep.equal([1, 2, 3, 4, 5, 6])
    })

    it(`reads them shuffled in the same order, ${deflate ? 'deflated' : 'stored'}`, async () => {
      const rows = Float32Array.from({length: 40}, (_, i) => i)
      const path = folder.npz(`shuffled-${deflate}.npz`, {x: npyOf(rows, [20, 2])}, {deflate})
      const values = await readValues(await openData({path, seed: 7, shuffle: true, limit: 8}, X), 'x')
      const firsts = values.filter((_, index) => index % 2 === 0)
      expect(firsts).to.not.deep.equal(firsts.toSorted((a, b) => a - b))
      expect(new Set(firsts).size).to.equal(8)
      firsts.forEach((first, row) => {
        expect(values[2 * row + 1]).to.equal(first + 1)
      })
    })
  }

  it('refuses a deflated member whose header claims more than deflate can hold', async () => {
    const lie = npyBytes({descr: '<f4', shape: [2 ** 38, 2], data: Buffer.alloc(64)})
    const path = folder.npz('bomb.npz', {x: lie}, {deflate: true, zip64: true, claimedSize: 2 ** 41 + 128})
    const error = await errorOf(open(path))
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.contain('expected shape [274877906944, 2] float32 of its header, ends after')
  })

  it('refuses a member that goes on behind what its header says, without inflating it', async () => {
    const tail = Buffer.alloc(50_000_000)
    const bytes = Buffer.concat([npyOf(six, [3, 2]), tail])
    const path = folder.npz('long-tail.npz', {x: bytes}, {deflate: true})
    const before = process.memoryUsage().arrayBuffers
    expect((await errorOf(open(path))).message).to.contain('got 50000000 bytes more')
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(20_000_000)
  })

  it('refuses a stored member that claims to be longer than the archive', async () => {
    const lie = npyBytes({descr: '<f4', shape: [2 ** 30, 2], data: Buffer.alloc(8)})
    const good = zipOf([{name: 'x.npy', bytes: lie}])
    // both sizes in the directory entry
    const directory = good.lastIndexOf(Buffer.from('504b0102', 'hex'))
    good.writeUInt32LE(0x7fffffff, directory + 20)
    good.writeUInt32LE(0x7fffffff, directory + 24)
    const error = await errorOf(open(folder.write('stored-lie.npz', good)))
    expect(error).to.be.instanceOf(FileError)
    expect(error.message).to.contain('got a damaged zip file')
  })

  it('names the member when deflated data is damaged', async () => {
    const bytes = npyOf(
      Float32Array.from({length: 4000}, (_, i) => Math.sin(i)),
      [2000, 2],
    )
    const zip = zipOf([{name: 'x.npy', bytes, deflate: true}])
    zip.fill(0xff, 4000, 4200)
    const path = folder.write('damaged.npz', zip)
    const error = await errorOf(open(path).then((dataset) => readValues(dataset, 'x', 500)))
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.contain('x.npy: the compressed data is damaged')
  })

  for (const deflate of [false, true]) {
    it(`refuses a member with another checksum, ${deflate ? 'deflated' : 'stored'}, although only a part is wanted`, async () => {
      const rows = Float32Array.from({length: 4000}, (_, i) => Math.sin(i))
      const zip = zipOf([{name: 'x.npy', bytes: npyOf(rows, [2000, 2]), deflate}])
      const flipped = flip(zip, zip.length - 400)
      const path = folder.write(`flipped-${deflate}.npz`, flipped)
      for (const order of [{}, {limit: 3}, {shuffle: true, limit: 3}]) {
        const error = await errorOf(openData({path, seed: 0, ...order}, X))
        expect(error).to.be.instanceOf(DataError)
        expect(error.message).to.match(/x\.npy: expected the data that was written, got damaged/)
      }
    })
  }

  it('leaves a damaged array alone that nothing needs', async () => {
    const zip = zipOf(['x', 'other'].map((name) => ({name: `${name}.npy`, bytes: npyOf(six, [3, 2])})))
    const path = folder.write('other-damaged.npz', flip(zip, zip.indexOf('other.npy') + 'other.npy'.length + 140))
    expect(await readValues(await open(path), 'x')).to.deep.equal([1, 2, 3, 4, 5, 6])
    expect((await verifyData({path, seed: 0})).isVerified).to.equal(undefined)
  })

  it('reads a file that was verified without going through it again', async () => {
    const path = folder.npz('verified.npz', {x: npyOf(six, [3, 2])})
    const spec = await verifyData({path, seed: 0})
    expect(spec.isVerified).to.equal(true)
    expect(await readValues(await openData(spec, X), 'x')).to.deep.equal([1, 2, 3, 4, 5, 6])
  })

  it('refuses a member whose name was changed in the directory', async () => {
    const zip = zipOf(['x', 'label'].map((name) => ({name: `${name}.npy`, bytes: npyOf(six.slice(0, 3), [3])})))
    const path = folder.write('renamed.npz', flip(zip, zip.lastIndexOf('label.npy')))
    expect((await errorOf(open(path))).message).to.contain("is called 'mabel.npy' in the directory")
  })

  it('refuses encrypted members, other compressions, and two arrays of one name', async () => {
    const x = npyOf(six, [3, 2])
    const encrypted = folder.npz('encrypted.npz', {x}, {encrypted: true, deflate: true})
    expect((await errorOf(open(encrypted))).message).to.contain('is encrypted')
    const bzip2 = folder.npz('bzip2.npz', {x}, {method: 12})
    expect((await errorOf(open(bzip2))).message).to.contain('zip method 12')
    const member = {name: 'x.npy', bytes: x}
    const twice = folder.write('twice.npz', zipOf([member, member]))
    expect((await errorOf(open(twice))).message).to.contain("expected one array 'x', got two")
  })

  it('refuses half an archive, and an archive without arrays', async () => {
    const zip = zipOf([{name: 'x.npy', bytes: npyOf(six, [3, 2])}])
    const half = await errorOf(open(folder.write('half.npz', zip.subarray(0, zip.length / 2))))
    expect(half).to.be.instanceOf(FileError)
    expect(half.message).to.contain('got a damaged zip file')
    const empty = await errorOf(open(folder.write('none.npz', zipOf([{name: 'a.txt', bytes: Buffer.from('a')}]))))
    expect(empty.message).to.contain('got no arrays')
  })
})
