import {copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import sharp from 'sharp'
import type {DataSpec, InputPort} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../../support/data-reading.js'

const IMAGES = 'fixtures/images'
const folder = new DataFolder()
let count = 0

/** A folder with copies of fixture images: path in it → name of the image, or text for a file that is none. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const path = join(folder.path, `set${count++}`)
  mkdirSync(path)
  for (const [name, image] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), {recursive: true})
    if (/\.(png|jpg|webp)$/.test(image)) copyFileSync(join(IMAGES, image), join(path, name))
    else writeFileSync(join(path, name), image)
  }
  return path
}

const rgb = port('x', 'float32', ['N', 3, 34, 47])
const open = (path: string, inputs: readonly InputPort[] = [rgb], spec: Partial<DataSpec> = {}) =>
  openData({path, seed: 0, ...spec}, inputs)

describe('a folder of images', () => {
  after(() => folder.remove())

  const classes = {
    'cat/1.png': 'rgb.png',
    'cat/deep/2.jpg': '444.jpg',
    'ant/3.webp': 'lossless.webp',
    'ant/.DS_Store': 'x',
  }

  it('numbers class folders in the order of their names, with images in folders below', async () => {
    const dataset = await open(folderOf(classes), [rgb], {shuffle: false})
    expect(dataset.sampleCount).to.equal(3)
    expect([...(dataset.labels ?? [])]).to.deep.equal([0, 1, 1])
    expect(dataset.notes).to.have.length(1)
    expect(dataset.notes[0]).to.contain('scaled by 1/255')
  })

  it('shuffles class folders by the seed unless told otherwise, labels with them', async () => {
    const many = folderOf(
      Object.fromEntries(
        Array.from({length: 40}, (_, i) => [`${i < 20 ? 'a' : 'b'}/${i}.png`, i < 20 ? 'gray.png' : 'rgb.png']),
      ),
    )
    const labels = async (spec: Partial<DataSpec>) => [...((await open(many, [rgb], spec)).labels ?? [])]
    const first = await labels({})
    expect(first).to.deep.equal(await labels({}))
    expect(first).not.to.deep.equal(await labels({seed: 1}))
    expect(new Set(first.slice(0, 12)).size).to.equal(2)
    expect(await labels({shuffle: false, limit: 21})).to.deep.equal([...Array(20).fill(0), 1])
    const dataset = await open(many, [rgb], {limit: 9})
    const batches = await readBatches(dataset, 4)
    // gray images have equal channels
    const found = batches.flatMap(({inputs, size}) => {
      const data = inputs.x?.data as Float32Array
      const plane = 34 * 47
      return Array.from({length: size}, (_, row) =>
        data[row * 3 * plane + 5] === data[row * 3 * plane + plane + 5] ? 0 : 1,
      )
    })
    expect(found).to.deep.equal([...(dataset.labels ?? [])])
  })

  it('takes a plain folder in the order of names, without labels', async () => {
    const dataset = await open(folderOf({'b.png': 'gray.png', 'a.png': 'rgb.png', 'read.me': 'text'}))
    expect(dataset.labels).to.equal(undefined)
    expect(dataset.notes[0]).to.contain('1 files that are not png, jpeg or webp are ignored')
    const pixels = await sharp(`${IMAGES}/rgb.png`).raw().toBuffer()
    expect((await readValues(dataset, 'x'))[0]).to.be.closeTo((pixels[0] as number) / 255, 1e-7)
  })

  it('refuses a plain folder as --eval, unless labels are given', async () => {
    const path = folderOf({'a.png': 'rgb.png', 'b.png': 'gray.png'})
    const error = await errorOf(open(path, [rgb], {isEval: true}))
    expect(error.message).to.contain('expected class folders, whose order gives the labels, got images without labels')
    const labels = join(path, '..', 'labels.csv')
    writeFileSync(labels, 'label\n4\n2\n')
    expect([...((await open(path, [rgb], {isEval: true, labels})).labels ?? [])]).to.deep.equal([4, 2])
  })

  it('makes gray, colour or bgr of the files, as the input or the flag wants it', async () => {
    const path = folderOf({'a.png': 'rgb.png'})
    const gray = await readValues(await open(path, [port('x', 'uint8', ['N', 1, 34, 47])]), 'x')
    const pixels = await sharp(`${IMAGES}/rgb.png`).raw().toBuffer()
    const [red = 0, green = 0, blue = 0] = pixels
    expect(gray[0]).to.be.closeTo(0.299 * red + 0.587 * green + 0.114 * blue, 0.51)
    const nhwc = port('x', 'uint8', ['N', 34, 47, 3])
    expect((await readValues(await open(path, [nhwc]), 'x')).slice(0, 3)).to.deep.equal([red, green, blue])
    const bgr = await open(path, [nhwc], {preprocess: {channels: 'bgr'}})
    expect((await readValues(bgr, 'x')).slice(0, 3)).to.deep.equal([blue, green, red])
  })

  it('resizes images of several sizes, and refuses them without --resize', async () => {
    const path = folderOf({'a.png': 'rgb.png', 'b.jpg': 'exif-6.jpg'})
    const any = port('x', 'float32', ['N', 3, 'H', 'W'])
    const error = await errorOf(open(path, [any]).then((dataset) => readBatches(dataset, 2)))
    expect(error.message).to.match(/b\.jpg: expected an image of 34x47 like the first one, got 47x34$/)
    expect(error.hint).to.contain('--resize')
    const [batch] = await readBatches(await open(path, [any], {preprocess: {resize: [10, 12]}}), 2)
    expect(batch?.inputs.x?.shape).to.deep.equal([2, 3, 10, 12])
    const wrong = await errorOf(open(path, [port('x', 'float32', ['N', 3, 28, 28])]))
    expect(wrong.message).to.contain("array 'images' for input 'x': expected [N, 3, 28, 28] float32")
    expect(wrong.hint).to.contain('--resize')
  })

  it('names a damaged file when it comes to it', async () => {
    const path = folderOf({'a/1.png': 'rgb.png', 'b/2.png': 'no image at all'})
    const error = await errorOf(open(path, [rgb], {shuffle: false}).then((dataset) => readBatches(dataset, 1)))
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.contain(join('b', '2.png'))
  })

  it('says when numbers as names are not the class numbers, and when a class is empty', async () => {
    const path = folderOf({'1/a.png': 'rgb.png', '10/a.png': 'rgb.png', '2/a.png': 'rgb.png', '3/none.txt': 'text'})
    const notes = (await open(path)).notes.join('\n')
    expect(notes).to.contain("'1' is 0").and.to.contain('no images in 3')
  })

  it('follows links, and finds the end of a link that leads up', async () => {
    const path = folderOf({'a/1.png': 'rgb.png'})
    symlinkSync(join(path, 'a'), join(path, 'b'))
    expect((await open(path)).sampleCount).to.equal(2)
    symlinkSync(path, join(path, 'a', 'up'))
    expect((await errorOf(open(path))).message).to.contain('folders inside each other')
  })

  const wrong: [string, Record<string, string>, string][] = [
    ['an empty folder', {}, 'got an empty folder'],
    ['a folder without images', {'a.txt': 'text'}, 'expected png, jpeg or webp files'],
    ['images beside class folders', {'a.png': 'rgb.png', 'b/c.png': 'rgb.png'}, 'got 1 beside and 1 in folders'],
    [
      'the parts of a data set',
      {'train/a/1.png': 'rgb.png', 'test/a/1.png': 'rgb.png'},
      'got the parts of a data set (test, train)',
    ],
  ]
  for (const [what, files, message] of wrong) {
    it(`refuses ${what}`, async () => {
      expect((await errorOf(open(folderOf(files)))).message).to.contain(message)
    })
  }

  it('feeds one of several inputs by --map images=INPUT', async () => {
    const path = folderOf({'a.png': 'rgb.png'})
    const scale = port('scale', 'float32', ['N', 2])
    expect((await errorOf(open(path, [rgb, scale]))).hint).to.contain('--map images=INPUT')
    const feeds = {scale: {dtype: 'float64', shape: [], data: Float64Array.of(2)}} as const
    const [batch] = await readBatches(await open(path, [rgb, scale], {map: {images: 'x'}, feeds}), 2)
    expect([...(batch?.inputs.scale?.data ?? [])]).to.deep.equal([2, 2])
  })
})
