import {expect} from 'chai'
import {readProfileEvents} from '../../../src/runtime/profile/read-profile-events.js'

describe('readProfileEvents', () => {
  const record = (name: string) =>
    `{"cat" : "Node","pid" :1,"tid" :2,"dur" :30,"ts" :400,"ph" : "X","name" :"${name}","args" : {"op_name" : "Conv","provider" : "CPUExecutionProvider","node_index" : "7"}}`
  const profile = (...names: string[]) => `[\n${names.map(record).join(',\n')}\n]`

  it('reads JSON as it is', () => {
    expect(readProfileEvents('[]')).to.deep.equal([])
    const [event] = readProfileEvents(profile('conv_kernel_time'))
    expect(event).to.deep.include({cat: 'Node', name: 'conv_kernel_time', ts: 400, dur: 30})
    expect(event?.args?.op_name).to.equal('Conv')
  })

  it('reads records whose names make it no JSON', () => {
    for (const name of ['a"b_kernel_time', 'a\\x', 'a\nb', '"dur" :1,"ts" :2']) {
      const events = readProfileEvents(profile(name, 'plain'))
      expect(
        events.map((event) => event.name),
        JSON.stringify(name),
      ).to.deep.equal([name, 'plain'])
      expect(events[0]).to.deep.include({
        ...{cat: 'Node', ts: 400, dur: 30},
        args: {op_name: 'Conv', provider: 'CPUExecutionProvider', node_index: '7'},
      })
    }
  })

  it('leaves out what was cut off', () => {
    const text = profile('whole"', 'cut')
    expect(readProfileEvents(text.slice(0, text.lastIndexOf('"dur"'))).map(({name}) => name)).to.deep.equal(['whole"'])
    expect(readProfileEvents('')).to.deep.equal([])
  })
})
