// A power is that of the whole: pow(0.5) twice is the gate.
//= Z0 0.6967067093471654
//= X1 0.9320390859672263
//= Y2 1.0
OPENQASM 3.0;
include "stdgates.inc";
gate mix(a) p { rz(0.3) p; ry(a) p; rz(-0.3) p; }
qubit[3] q;
pow(0.5) @ mix(0.8) q[0];
pow(0.5) @ mix(0.8) q[0];
pow(3) @ ry(0.4) q[1];
h q[2];
pow(1/2) @ z q[2];                       // s
pow(2) @ inv @ mix(0.1) q[2];
pow(2) @ mix(0.1) q[2];
