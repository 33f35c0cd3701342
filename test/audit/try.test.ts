import { it } from 'vitest';
import { evidenceOf } from '../../src/audit/evidence.js';
import * as corpus from './corpus.js';
import { dictatedBy, featuresOf } from '../../src/audit/features.js';
import { familyOf } from '../../src/audit/lexer.js';
import { candidatePairs } from '../../src/audit/similarity.js';

it('tries', () => {
  const ext: any = { highcharts: 'mjs', ggplot2: 'R' };
  const names = ['matplotlib','altair','highcharts','plotnine','seaborn','plotly','pyplot','ggplot2'] as const;
  const dictated = dictatedBy([{path:'rules.md',text:corpus.rules},{path:'spec.md',text:corpus.specification}], ['hash','slash']);
  const items = names.map(id => ({ id, features: featuresOf([{ path: `a.${ext[id] ?? 'py'}`, text: corpus[id] }], dictated) }));
  const show = (list: any) => { for (const [i, a] of list.entries()) for (const b of list.slice(i+1)) {
    const [t] = candidatePairs([a.features,b.features]);
    console.log(a.id, b.id, t?.strength.toFixed(2), evidenceOf(a,b).join(' | '));
  } };
  console.log('--- as pairs'); show(items);
  console.log('--- among all'); for (const t of candidatePairs(items.map(i=>i.features))) console.log(items[t.first]!.id, items[t.second]!.id, t.strength.toFixed(2));
});
import { readFileSync, readdirSync } from 'node:fs';
it('tries the example', () => {
  for (const t of ['bar-basic','scatter-basic']) {
    const d = `examples/catalog/repo/plots/${t}/implementations/javascript`;
    const dictated = dictatedBy([`plots/${t}/specification.md`,'prompts/plot-generator.md','prompts/library/altair.md','prompts/library/matplotlib.md','prompts/library/highcharts.md'].map(p=>({path:p,text:readFileSync('examples/catalog/repo/'+p,'utf8')})), ['slash']);
    const items = readdirSync(d).map(f => ({ id: f, features: featuresOf([{path:f,text:readFileSync(`${d}/${f}`,'utf8')}], dictated)}));
for (const t of candidatePairs(items.map(i=>i.features))) console.log(items[t.first]!.id, items[t.second]!.id, t.strength.toFixed(2));
  }
});
it('is fast', () => {
  const rand = (n:number)=>Math.floor(Math.random()*n);
  for (const [n, lines] of [[40,300],[40,3000],[400,300]] as const) {
  const texts = Array.from({length:n},(_,i)=>Array.from({length:lines},()=>`    ${'abcdefgh'[rand(8)]}.${'plot draw text mark bar line'.split(' ')[rand(6)]}_${rand(50)}(x${rand(9)}, [${rand(1000)}, ${rand(100)}, ${rand(10)}, ${rand(1000)}], label="kind${'abcdefghijklmnop'[rand(16)]}${'xyzuvwqr'[rand(8)]} loaf", size=${rand(100)})`).join('\n'));
  let t=performance.now();
  const none = dictatedBy([],[]);
  const items = texts.map((text,i)=>({id:`i${i}`,features:featuresOf([{path:'a.py',text: text.slice(0,100_000)}],none)}));
  const t1=performance.now();
  const p = candidatePairs(items.map(i=>i.features));
  console.log(n, lines, texts[0]!.length, 'features',(t1-t).toFixed(0),'pairs',(performance.now()-t1).toFixed(0), p.length);
  }
});
