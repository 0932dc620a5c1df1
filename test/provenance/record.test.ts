import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parseOptions} from '../../src/options/parse-options.js'
import {quantizeOptions} from '../../src/options/quantize.js'
import {finetuneOptions} from '../../src/options/training.js'
import {RECORD_KEY, recordOf, recordsIn, withRecord} from '../../src/provenance/record.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const DATA = 'fixtures/fashion-mnist/t10k-labels-idx1-ubyte.gz'
const start = {path: MLP, files: [MLP]}
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('recordOf', () => {
  it('has digests of what went in, and the options that are not the defaults', async () => {
    const options = parseOptions(quantizeOptions, {
      quantize: {mode: 'static', calibration: 'mse', exclude: ['fc2']},
      data: {samples: `some/where/${DATA}`, limit: 5},
      output: {path: '/tmp/out.onnx', force: true, externalData: 'always'},
      budget: {maxSize: '30%'},
    })
    const record = await recordOf({command: 'quantize', start, data: [DATA], eval: [], options})
    expect(record).to.deep.equal({
      tool: `mopt ${JSON.parse(readFileSync('package.json', 'utf8')).version}`,
      command: 'quantize',
      start: {file: 'mlp_fm.onnx', sha256: digest(MLP)},
      data: [{file: 't10k-labels-idx1-ubyte.gz', sha256: digest(DATA)}],
      options: {
        quantize: {mode: 'static', calibration: 'mse', exclude: ['fc2']},
        data: {samples: 't10k-labels-idx1-ubyte.gz', limit: 5},
        output: {externalData: 'always'},
      },
    })
  })

  it('says nothing of where a training is kept, nor of folders', async () => {
    const options = parseOptions(finetuneOptions, {
      training: {epochs: 7, checkpoint: '/secret/state', resume: true},
      finetune: {teacher: '/secret/teacher.onnx'},
      data: {samples: '/secret/x.npz'},
    })
    const record = await recordOf({command: 'finetune', start, data: [], eval: [], options})
    expect(record.options).to.deep.equal({
      training: {epochs: 7},
      finetune: {teacher: 'teacher.onnx'},
      data: {samples: 'x.npz'},
    })
  })
})

describe('withRecord', () => {
  it('puts a record behind those that are there, and starts anew behind what is no list', async () => {
    const record = await recordOf({command: 'simplify', start, data: [], eval: [], options: {}})
    const once = withRecord(new Map([['author', 'somebody']]), record)
    expect(recordsIn(withRecord(once, record))).to.deep.equal([record, record])
    expect(once.get('author')).to.equal('somebody')
    expect(recordsIn(withRecord(new Map([[RECORD_KEY, '{"a": 1']]), record))).to.deep.equal([record])
    expect(recordsIn(withRecord(new Map([[RECORD_KEY, '{"a": 1}']]), record))).to.deep.equal([record])
  })
})
