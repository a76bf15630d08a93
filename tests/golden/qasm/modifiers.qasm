// Controls of both kinds, powers and inverses, one inside of another, on a gate of the library and on one of the file.
//= P 110101 1
OPENQASM 3.0;
include "stdgates.inc";
gate flip(t) a { rx(t) a; h a; h a; rx(t) a; }
qubit[6] q;
x q[0];
negctrl @ x q[5], q[1];                  // 5 is 0: fires
ctrl @ negctrl @ x q[0], q[1], q[2];     // 1 is 1: does not
ctrl(2) @ flip(pi/2) q[0], q[1], q[3];   // fires, up to a phase on the controls
pow(2) @ sx q[4];
inv @ pow(3) @ x q[4];                   // back
negctrl(2) @ ctrl @ pow(0.5) @ x q[2], q[4], q[0], q[5];
negctrl(2) @ ctrl @ inv @ pow(-1/2) @ x q[2], q[4], q[0], q[5];
pow(2) @ ctrl @ x q[0], q[2];            // nothing
