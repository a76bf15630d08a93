// Two rounds of Grover on three qubits, |110> marked: sin^2(5 asin(1/sqrt 8)) = 121/128, the others share the rest.
//= P 110 0.9453125
//= P 000 0.0078125
//= P 001 0.0078125
//= P 010 0.0078125
//= P 011 0.0078125
//= P 100 0.0078125
//= P 101 0.0078125
//= P 111 0.0078125
OPENQASM 2.0;
include "qelib1.inc";
gate oracle a, b, c { x c; h c; ccx a, b, c; h c; x c; }
gate diffusion a, b, c {
  h a; h b; h c;
  x a; x b; x c;
  h c; ccx a, b, c; h c;
  x a; x b; x c;
  h a; h b; h c;
}
qreg q[3];
creg c[3];
h q;
oracle q[0], q[1], q[2];
diffusion q[0], q[1], q[2];
oracle q[0], q[1], q[2];
diffusion q[0], q[1], q[2];
measure q -> c;
