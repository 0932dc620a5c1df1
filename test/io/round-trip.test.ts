import {readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import onnxProto from 'onnx-proto'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {verify} from '../../src/ir/verify.js'
import {readForeign} from '../support/foreign-model.js'

const FOLDER = 'fixtures/models'

/** A model's message with Constant nodes in front: the one freedom the writer takes. */
function inOrder(model: ReturnType<typeof readForeign>) {
  const isConstant = ({opType}: {opType: string}): boolean => opType === 'Constant'
  const graph = model.graph
  if (!graph) throw new Error('no graph')
  graph.node = [...graph.node.filter(isConstant), ...graph.node.filter((node) => !isConstant(node))]
  graph.valueInfo = graph.valueInfo.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return model
}

describe('encodeModel after openModel', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.onnx'))) {
    it(`gives ${file} back, as two other readers see it`, async () => {
      const path = `${FOLDER}/${file}`
      const {model, close} = await openModel(path)
      expect(verify(model.graph)).to.deep.equal([])
      const [before, after] = [readFileSync(path), encodeModel(model)]
      close()
      expect(inOrder(readForeign(after))).to.deep.equal(inOrder(readForeign(before)))
      const counts = [before, after].map((bytes) => {
        const {irVersion, graph} = onnxProto.onnx.ModelProto.decode(bytes)
        return [Number(irVersion), graph?.node?.length, graph?.initializer?.length, graph?.name]
      })
      expect(counts[1]).to.deep.equal(counts[0])
    })
  }
})
