// Comments, annotations, pragmas, greek letters, old registers, an unused output.
/* A comment
   of two lines. */
//= Z0 0.5000000000000001
//= Z1 -1
OPENQASM 3.1;
include "stdgates.inc";
pragma tool keep this
#pragma other
qreg q[2];
creg c[2];
output bit result;
@reversible
gate turn(θ) α { ry(θ) α; }
@bind[0:1] anything ctrl @ x
turn(π/3) q[0];
{
  const int deep = 1;
  x q[deep];
}
result = measure q[1];
measure q[0] -> c[0];
end;
x q[0];
