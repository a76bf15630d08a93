// def, with qubits and numbers, a result, and a loop around the call.
//= Z0 0.6216099682706645
//= Z1 0.8775825618903728
OPENQASM 3.0;
include "stdgates.inc";
const float step = 0.3;
def turn(qubit q, float a, int times) {
  for int i in [1:times] { ry(a) q; }
}
def scaled(float a, int k) -> float {
  if (k > 1) { return a * k; }
  return a;
}
def pair(qubit[2] r) { ry(scaled(0.25, 2)) r[1]; barrier r; }
qubit[2] q;
pair(q);
turn(q[0], step, 3);
cz q[0], q[1];
cz q[0], q[1];
ry(0) q[1];
