import Database from 'better-sqlite3';
const db = new Database(':memory:');
function t(name: string, v: unknown[], n = 200000) { const st = db.prepare('select ' + v.map(() => '?').join(',') + ' where 0').raw(); let best = 1e9; for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < n; i++) st.get(v); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / n); } console.log(name.padEnd(30), (best * 1000).toFixed(0), 'ns/call', ((best * 1000) / v.length).toFixed(0), 'per'); }
t('none', [1]);
t('20 int', Array.from({length:20}, (_, i) => i));
t('20 big', Array.from({length:20}, (_, i) => 1735689600000 + i));
t('20 null', Array(20).fill(null));
t('20 short str', Array.from({length:20}, (_, i) => 'abc' + i));
t('20 uuid', Array.from({length:20}, (_, i) => '01a1fdca-c12f-7886-8554-53dde40eaf28' + i));
const big = Array.from({length:2000}, (_, i) => '01a1fdca-c12f-7886-8554-53dde40eaf28' + i).join('\t').split('\t').slice(0, 20);
t('20 sliced uuid', big);
const b = Buffer.from('01a1fdca-c12f-7886-8554-53dde40eaf28');
t('20 buffers', Array(20).fill(b));
const sp = db.prepare('select ' + Array(20).fill('?').join(',') + ' where 0').raw();
{ const v = big; let best = 1e9; for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < 200000; i++) sp.get(...v); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 200000); } console.log('spread', best * 1000); }
{ let best = 1e9; for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < 4e6; i++) b.utf8Slice(0, 36); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 4e6); } console.log('utf8Slice', best * 1000); }
{ let best = 1e9; for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < 4e6; i++) b.latin1Slice(0, 36); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 4e6); } console.log('latin1Slice', best * 1000); }
{ let best = 1e9; for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < 4e6; i++) b.subarray(0, 36); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 4e6); } console.log('subarray', best * 1000); }
