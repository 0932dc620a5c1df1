import {expect} from 'chai'
import {NameRegistry} from '../../src/ir/name-registry.js'

describe('NameRegistry', () => {
  it('gives the wanted name while it is free, then numbers', () => {
    const names = new NameRegistry()
    expect([names.fresh('x'), names.fresh('x'), names.fresh('x')]).to.deep.equal(['x', 'x_0', 'x_1'])
  })

  it('steps over numbers that the file has taken', () => {
    const names = new NameRegistry()
    for (const name of ['x', 'x_0', 'x_1']) names.claim(name)
    expect(names.fresh('x')).to.equal('x_2')
  })

  it('takes names of the language for names', () => {
    const names = new NameRegistry()
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(names.fresh(name)).to.equal(name)
      expect(names.fresh(name)).to.equal(`${name}_0`)
    }
  })

  it('keeps a name that two scopes have until both let go of it', () => {
    const names = new NameRegistry()
    names.claim('x')
    names.claim('x')
    names.release('x')
    expect(names.fresh('x')).to.equal('x_0')
    names.release('x')
    expect(names.fresh('x')).to.equal('x')
  })

  it('names nodes by their operator where the file does not, or twice the same', () => {
    const names = new NameRegistry()
    expect(names.nodeName('conv', 'Conv')).to.deep.equal({name: 'conv', named: true})
    expect(names.nodeName('conv', 'Conv')).to.deep.equal({name: 'Conv_0', named: false})
    expect(names.nodeName('', 'Conv')).to.deep.equal({name: 'Conv_1', named: false})
    names.releaseNode('conv')
    expect(names.nodeName('conv', 'Conv')).to.deep.equal({name: 'conv', named: true})
  })
})
