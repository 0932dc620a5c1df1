import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {toBinary} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {ModelProtoSchema} from 'onnx-buf'
import {DataError, UsageError} from '../../../src/errors.js'
import {openModel} from '../../../src/io/open-model.js'
import type {DistillOptions} from '../../../src/options/training.js'
import {distill} from '../../../src/pipelines/train/distill.js'
import {finetune} from '../../../src/pipelines/train/finetune.js'
import {type DistillResult, distillResult} from '../../../src/results.js'
import {DataFolder} from '../../support/data-folder.js'
import {type Flat, SILENT} from '../../support/pipeline-options.js'
import {
  distillOptions,
  finetuneOptions,
  pointData,
  points,
  withoutTraining,
  writeNet,
} from '../../support/training-trial.js'

describe('distill', () => {
  const folder = new DataFolder()
  const data = pointData(folder, 'train.npz', {label: points(1).labels})
  const judged = pointData(folder, 'test.npz', {seed: 2, label: points(2).labels})
  const plain = pointData(folder, 'plain.npz')
  const student = writeNet(folder, 'student.onnx', {hidden: 6, seed: 9})
  let teacher = ''
  after(() => folder.remove())

  before(async () => {
    const raw = writeNet(folder, 'raw.onnx', {hidden: 24, seed: 5})
    teacher = join(folder.path, 'teacher.onnx')
    await finetune(raw, finetuneOptions({output: teacher, data, eval: judged, epochs: 12, verify: false}), SILENT)
  })

  const run = (name: string, changes: Flat<DistillOptions> = {}): Promise<DistillResult> => {
    const options = {student, output: join(folder.path, name), data, eval: judged, ...changes}
    return distill(teacher, distillOptions(options), SILENT)
  }

  describe('with labels and a teacher', () => {
    let result: DistillResult

    before(async () => {
      result = await run('both.onnx')
    })

    it('makes a student answer like its teacher, and holds it against the teacher', () => {
      distillResult.strict().parse(JSON.parse(JSON.stringify(result)))
      const {metric, history, losses} = result
      expect(result.input.path).to.equal(teacher)
      expect(result.student.path).to.equal(student)
      expect(metric.name).to.equal('top1')
      expect(metric.teacher).to.be.above(0.85)
      expect(metric.after).to.be.above(metric.before + 0.1)
      expect(losses).to.deep.equal([
        "0.3333 x cross-entropy of 'scores'",
        "0.6667 x distillation of 'scores', temperature 4",
      ])
      expect(history).to.have.length(30)
      expect(history.at(-1)?.trainLoss).to.be.below(0.5 * (history[0]?.trainLoss ?? 0))
      expect(result.fidelity?.agreement).to.be.above(0.7)
    })

    it('writes the weights into the file of the student and leaves all else of it as it is', () => {
      const names = ['w1', 'b1', 'w2', 'b2']
      expect(result.changed.map(({node}) => node)).to.have.members(names)
      const [before, after] = [student, result.output.path].map((path) => {
        return Buffer.from(toBinary(ModelProtoSchema, withoutTraining(path, names))).toString('hex')
      })
      expect(after).to.equal(before)
    })

    it('records what it was made of by digests, nothing of when and where', async () => {
      const {model, close} = await openModel(result.output.path)
      close()
      expect(model.metadata.get('author')).to.equal('somebody')
      const [record] = JSON.parse(model.metadata.get('mopt.record') ?? '[]')
      const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
      expect(record).to.deep.include({
        command: 'distill',
        start: {file: 'student.onnx', sha256: digest(student)},
        teacher: {file: 'teacher.onnx', sha256: digest(teacher)},
        data: [{file: 'train.npz', sha256: digest(data)}],
        eval: [{file: 'test.npz', sha256: digest(judged)}],
      })
      expect(record.options.training).to.include({epochs: 30, temperature: 4})
      expect(record.tool).to.match(/^mopt \d/)
      expect(JSON.stringify(record)).not.to.include(folder.path)
    })

    it('gives the same bytes for the same command, and leaves nothing else behind', async () => {
      const before = readdirSync(folder.path)
      const again = await run('again.onnx', {verify: false})
      expect(readFileSync(again.output.path).equals(readFileSync(result.output.path))).to.equal(true)
      expect(readdirSync(folder.path)).to.have.members([...before, 'again.onnx'])
    })
  })

  it('learns without labels, on a fifth that is held out judged by how often it decides as the teacher does', async () => {
    const result = await run('plain.onnx', {data: plain, eval: undefined})
    expect(result.losses).to.deep.equal(["distillation of 'scores', temperature 4"])
    expect(result.metric).to.include({name: 'agreement', teacher: 1, samples: 24})
    expect(result.metric.after).to.be.above(0.7)
    expect(result.warnings.map(({code}) => code)).to.include('HELD_OUT')
  })

  it('is taught by probabilities of an older opset, another input and another output', async () => {
    const old = writeNet(folder, 'old.onnx', {
      ...{opset: 11, input: 'points', hidden: 5},
      end: (build, y) => build.output(build.op('Softmax', [y], {axis: 1}, {outputs: ['answer']})),
    })
    const options = {student, output: join(folder.path, 'taught.onnx'), data, eval: judged, epochs: 2}
    const map = {x: 'points'}
    const {losses, fidelity, metric} = await distill(old, distillOptions({...options, map}), SILENT)
    expect(losses[1]).to.equal("0.6667 x distillation of 'scores', temperature 4")
    // nothing of it has the student's names
    expect(fidelity).to.equal(null)
    expect(metric.after).to.be.within(0, 1)
  })

  it('learns hidden values through a projection that is not written', async () => {
    const result = await run('hidden.onnx', {features: ['h:h'], alpha: 0, verify: false})
    expect(result.losses).to.deep.equal(["cross-entropy of 'scores'", "'h' feature of 'h'"])
    expect(result.history.at(-1)?.trainLoss).to.be.below(0.7 * (result.history[0]?.trainLoss ?? 0))
    const {model, close} = await openModel(result.output.path)
    close()
    expect(model.graph.constants().map(({name}) => name)).to.have.members(['w1', 'b1', 'w2', 'b2'])
  })

  it('refuses, before anything is trained, what does not fit', async () => {
    const wide = writeNet(folder, 'wide.onnx', {outputs: 5})
    const named = pointData(folder, 'named.npz', {array: 'y1', label: points(1).labels})
    for (const [changes, kind, text] of [
      [{student: wide}, UsageError, /teacher's output 'scores' is \[N, 3\], and the student's 'scores' \[N, 5\]/],
      [{features: ['nose:h']}, UsageError, /--feature nose:h: the teacher has no value/],
      [{features: ['h']}, UsageError, /expected TEACHER-VALUE:STUDENT-VALUE/],
      [{data: plain, alpha: 0.5}, UsageError, /--alpha 0.5: expected labels/],
      [{map: {x: 'nose'}}, UsageError, /--map x=nose: expected one of the inputs 'x'/],
      [
        {data: pointData(folder, 'far.npz', {label: points(1).labels.map((label) => label + 1)})},
        DataError,
        /classes 0 to 2 as labels, got 3/,
      ],
      [{data: named, augment: ['flip']}, Error, /images to augment/],
    ] as const) {
      const error = await run('never.onnx', changes as Flat<DistillOptions>).catch((caught: unknown) => caught)
      expect(error, String(text)).to.be.instanceOf(kind)
      expect((error as Error).message).to.match(text)
    }
    expect(readdirSync(folder.path)).not.to.include('never.onnx')
  })

  it('calls a teacher that the runtime refuses by its own name', async () => {
    const strange = writeNet(folder, 'strange.onnx', {end: (build, y) => void build.output(build.op('Magic', [y]))})
    const options = distillOptions({student, output: join(folder.path, 'never.onnx'), data, eval: judged})
    const error = await distill(strange, options, SILENT).catch((caught: unknown) => caught)
    expect((error as Error).message).to.match(/^ONNX Runtime cannot load the teacher strange\.onnx: /)
  })
})
