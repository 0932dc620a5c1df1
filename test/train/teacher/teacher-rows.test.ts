import {join} from 'node:path'
import {expect} from 'chai'
import {MachineError} from '../../../src/errors.js'
import type {TeacherPort} from '../../../src/train/step/step-loss.js'
import {readTeacher, TeacherRows} from '../../../src/train/teacher/teacher-rows.js'
import {DataFolder} from '../../support/data-folder.js'

/** Three samples; of each two class scores and a hidden row of three. */
const ROWS = Float32Array.of(0, 1, 10, 11, 12, 2, 3, 20, 21, 22, 4, 5, 30, 31, 32)
const VALUES = [
  {name: 'scores', shape: [2]},
  {name: 'hidden', shape: [3]},
]

describe('TeacherRows', () => {
  const folder = new DataFolder()
  const path = folder.write('teacher.rows', new Uint8Array(ROWS.buffer))
  after(() => folder.remove())

  const port = (name: string, size: number, value?: string): TeacherPort => {
    return {name, dtype: 'float32', shape: [2, size], classes: undefined, value}
  }

  for (const [where, limitBytes] of [
    ['memory', undefined],
    ['disk', 0],
  ] as const) {
    it(`hands out the rows of the samples that are asked for, from ${where}`, () => {
      const rows = new TeacherRows(
        {path, samples: 3, values: VALUES},
        [port('a', 3, 'hidden'), port('b', 2)],
        limitBytes,
      )
      const {a, b} = rows.feeds([2, 0])
      rows.close()
      expect(a?.data).to.deep.equal(Float32Array.of(30, 31, 32, 10, 11, 12))
      expect(b?.data).to.deep.equal(Float32Array.of(4, 5, 0, 1))
      expect(b?.shape).to.deep.equal([2, 2])
    })
  }

  it('says that a file which was cut is no use', () => {
    const cut = folder.write('cut.rows', new Uint8Array(ROWS.buffer, 0, 40))
    expect(() => new TeacherRows({path: cut, samples: 3, values: VALUES}, [])).to.throw(MachineError, 'cut short')
  })

  it('gives all rows of the first value for a metric', () => {
    expect([...readTeacher({path: join(folder.path, 'teacher.rows'), samples: 3, values: VALUES})]).to.deep.equal([
      0, 1, 2, 3, 4, 5,
    ])
  })
})
