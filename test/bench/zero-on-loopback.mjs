import { Server } from 'node:net';

// loaded before zero-cache, which listens on every address of the machine and has no setting for it
const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(...given) {
  const [first, second, ...rest] = given;
  if (typeof first === 'object' && first !== null && 'port' in first)
    return Reflect.apply(listen, this, [{ ...first, host: '127.0.0.1' }, ...given.slice(1)]);
  if (typeof first === 'number')
    return Reflect.apply(listen, this, [first, '127.0.0.1', ...(typeof second === 'string' ? rest : given.slice(1))]);
  return Reflect.apply(listen, this, given);
};

// the first of zero-cache's processes ends with all others of its group when the bench is gone, however that ended
if (process.ppid === Number(process.env.STENO_BENCH_PID)) process.stdin.on('end', () => process.kill(-process.pid, 'SIGKILL')).resume();
